package hvsim.cpu.state;

/**
 * The exceptions, by the vector they go through.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), table 6-1; #CP as in later editions.
 */
public enum ExceptionVector {
    DIVIDE_ERROR(0, "#DE", false),
    DEBUG(1, "#DB", false),
    NON_MASKABLE_INTERRUPT(2, "NMI", false),
    BREAKPOINT(3, "#BP", false),
    OVERFLOW(4, "#OF", false),
    BOUND_RANGE(5, "#BR", false),
    INVALID_OPCODE(6, "#UD", false),
    DEVICE_NOT_AVAILABLE(7, "#NM", false),
    DOUBLE_FAULT(8, "#DF", true),
    INVALID_TSS(10, "#TS", true),
    SEGMENT_NOT_PRESENT(11, "#NP", true),
    STACK_FAULT(12, "#SS", true),
    GENERAL_PROTECTION(13, "#GP", true),
    PAGE_FAULT(14, "#PF", true),
    X87_ERROR(16, "#MF", false),
    ALIGNMENT_CHECK(17, "#AC", true),
    MACHINE_CHECK(18, "#MC", false),
    SIMD_ERROR(19, "#XM", false),
    VIRTUALIZATION(20, "#VE", false),
    CONTROL_PROTECTION(21, "#CP", true);

    private static final ExceptionVector[] BY_NUMBER = new ExceptionVector[32];

    static {
        for (ExceptionVector vector : values()) {
            BY_NUMBER[vector.number] = vector;
        }
    }

    private final int number;
    private final String mnemonic;
    private final boolean hasErrorCode;

    ExceptionVector(int number, String mnemonic, boolean hasErrorCode) {
        this.number = number;
        this.mnemonic = mnemonic;
        this.hasErrorCode = hasErrorCode;
    }

    /** Index into the interrupt-descriptor table. */
    public int number() {
        return number;
    }

    /** As manuals write it: {@code #GP}. */
    public String mnemonic() {
        return mnemonic;
    }

    /** Whether its delivery pushes an error code. */
    public boolean hasErrorCode() {
        return hasErrorCode;
    }

    /** Whether an exception has that vector. */
    public static boolean isDefined(int number) {
        return number >= 0 && number < BY_NUMBER.length && BY_NUMBER[number] != null;
    }

    /**
     * The exception of that vector.
     *
     * @throws IllegalArgumentException if the vector is reserved
     */
    public static ExceptionVector byNumber(int number) {
        ExceptionVector vector = number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
        if (vector == null) {
            throw new IllegalArgumentException("no exception has vector " + number);
        }
        return vector;
    }
}
