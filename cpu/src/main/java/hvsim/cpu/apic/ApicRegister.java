package hvsim.cpu.apic;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Registers of the local APIC by their place in its page, 16 bytes apart, and which accesses to them "APIC-register
 * virtualization" answers.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), table 10-1, 29.4.2 and 29.4.3.1.
 */
public enum ApicRegister {
    ID(0x020, 1, true, true),
    VERSION(0x030, 1, true, false),
    TASK_PRIORITY(0x080, 1, true, true),
    PROCESSOR_PRIORITY(0x0A0, 1, false, false),
    END_OF_INTERRUPT(0x0B0, 1, true, true),
    REMOTE_READ(0x0C0, 1, false, false),
    LOGICAL_DESTINATION(0x0D0, 1, true, true),
    DESTINATION_FORMAT(0x0E0, 1, true, true),
    SPURIOUS_INTERRUPT(0x0F0, 1, true, true),
    IN_SERVICE(0x100, 8, true, false),
    TRIGGER_MODE(0x180, 8, true, false),
    INTERRUPT_REQUEST(0x200, 8, true, false),
    ERROR_STATUS(0x280, 1, true, true),
    COMMAND_LOW(0x300, 1, true, true),
    COMMAND_HIGH(0x310, 1, true, true),
    LOCAL_VECTORS(0x320, 6, true, true),
    INITIAL_COUNT(0x380, 1, true, true),
    CURRENT_COUNT(0x390, 1, false, false),
    DIVIDE_CONFIGURATION(0x3E0, 1, true, true),
    /** In the x2APIC range only: MSR 83FH. */
    SELF_IPI(0x3F0, 1, false, false);

    private static final int STEP_BYTES = 16;
    private static final List<ApicRegister> ALL = List.of(values());

    private final int offset;
    private final int count;
    private final boolean readVirtualized;
    private final boolean writeVirtualized;

    ApicRegister(int offset, int count, boolean readVirtualized, boolean writeVirtualized) {
        this.offset = offset;
        this.count = count;
        this.readVirtualized = readVirtualized;
        this.writeVirtualized = writeVirtualized;
    }

    /** Byte offset in the page. */
    public int offset() {
        return offset;
    }

    boolean readVirtualized() {
        return readVirtualized;
    }

    boolean writeVirtualized() {
        return writeVirtualized;
    }

    /** The register whose low four bytes hold that byte of the page, or null. */
    static @Nullable ApicRegister at(int byteOffset) {
        for (ApicRegister register : ALL) {
            int beyond = byteOffset - register.offset;
            if (beyond >= 0 && beyond < register.count * STEP_BYTES && beyond % STEP_BYTES < Integer.BYTES) {
                return register;
            }
        }
        return null;
    }
}
