package hvsim.vmm.iommu;

/** Why a request of a device was refused, by the number in the fault record (table "Fault Reason Encodings"). */
public enum FaultReason {
    ROOT_NOT_PRESENT(0x1, "its bus has no root entry"),
    CONTEXT_NOT_PRESENT(0x2, "it has no context entry"),
    CONTEXT_INVALID(0x3, "its context entry asks for what the hardware has not"),
    ADDRESS_WIDTH(0x4, "the address has more bits than the domain's tables translate"),
    NO_WRITE(0x5, "the domain's tables do not let it write there"),
    NO_READ(0x6, "the domain's tables do not let it read there"),
    RESERVED_IN_ROOT(0xA, "a reserved bit is set in its bus's root entry"),
    RESERVED_IN_CONTEXT(0xB, "a reserved bit is set in its context entry"),
    RESERVED_IN_TABLE(0xC, "a reserved bit is set in an entry of the domain's tables"),
    INTERRUPT_INDEX(0x21, "the interrupt remapping table has no such entry"),
    INTERRUPT_NOT_PRESENT(0x22, "the interrupt remapping entry is not present"),
    RESERVED_IN_INTERRUPT(0x24, "a reserved bit is set in the interrupt remapping entry"),
    COMPATIBILITY_BLOCKED(0x25, "an interrupt in compatibility format"),
    INTERRUPT_SOURCE(0x26, "the interrupt remapping entry is another device's");

    private static final FaultReason[] ALL = values();

    private final int number;
    private final String meaning;

    FaultReason(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    /** For a report, about the device. */
    public String meaning() {
        return meaning;
    }

    /** @throws IllegalArgumentException if there is none of that number */
    static FaultReason of(int number) {
        for (FaultReason reason : ALL) {
            if (reason.number == number) {
                return reason;
            }
        }
        throw new IllegalArgumentException("no fault reason has the number " + number);
    }
}
