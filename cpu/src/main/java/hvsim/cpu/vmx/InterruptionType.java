package hvsim.cpu.vmx;

import java.util.List;

/**
 * Bits 10:8 of interruption information: what kind of event it is.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), tables 24-13 to 24-15.
 */
public enum InterruptionType {
    EXTERNAL_INTERRUPT(0),
    NMI(2),
    HARDWARE_EXCEPTION(3),
    /** INT n. */
    SOFTWARE_INTERRUPT(4),
    /** INT1. */
    PRIVILEGED_SOFTWARE_EXCEPTION(5),
    /** INT3 and INTO. */
    SOFTWARE_EXCEPTION(6),
    /** For injection only, with vector 0: a pending MTF VM exit. */
    OTHER_EVENT(7);

    private static final List<InterruptionType> ALL = List.of(values());

    private final int number;

    InterruptionType(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Made by an instruction, which its delivery goes past: injection needs the instruction's length. */
    public boolean isSoftware() {
        return switch (this) {
            case SOFTWARE_INTERRUPT, PRIVILEGED_SOFTWARE_EXCEPTION, SOFTWARE_EXCEPTION -> true;
            case EXTERNAL_INTERRUPT, NMI, HARDWARE_EXCEPTION, OTHER_EVENT -> false;
        };
    }

    /** Whether the exception bitmap selects among events of this type: all exceptions, but not INT n. */
    public boolean isException() {
        return switch (this) {
            case HARDWARE_EXCEPTION, PRIVILEGED_SOFTWARE_EXCEPTION, SOFTWARE_EXCEPTION -> true;
            case EXTERNAL_INTERRUPT, NMI, SOFTWARE_INTERRUPT, OTHER_EVENT -> false;
        };
    }

    /**
     * The type with that number.
     *
     * @throws IllegalArgumentException for 1, which is reserved
     */
    public static InterruptionType byNumber(int number) {
        for (InterruptionType type : ALL) {
            if (type.number == number) {
                return type;
            }
        }
        throw new IllegalArgumentException("interruption type " + number + " is reserved");
    }
}
