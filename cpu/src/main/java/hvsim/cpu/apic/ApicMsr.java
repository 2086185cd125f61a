package hvsim.cpu.apic;

/** Numbers of the local APIC's MSRs: 800H + offset of the register in its page, by 16 (SDM vol. 3, table 10-6). */
public final class ApicMsr {
    public static final int FIRST = 0x800;
    public static final int LAST = 0x8FF;
    public static final int ID = 0x802;
    public static final int VERSION = 0x803;
    public static final int TASK_PRIORITY = 0x808;
    public static final int PROCESSOR_PRIORITY = 0x80A;
    public static final int END_OF_INTERRUPT = 0x80B;
    public static final int LOGICAL_DESTINATION = 0x80D;
    public static final int SPURIOUS_INTERRUPT = 0x80F;
    public static final int IN_SERVICE = 0x810;
    public static final int TRIGGER_MODE = 0x818;
    public static final int INTERRUPT_REQUEST = 0x820;
    public static final int ERROR_STATUS = 0x828;
    public static final int COMMAND = 0x830;
    public static final int TIMER = 0x832;
    public static final int LAST_LOCAL_VECTOR = 0x837;
    public static final int INITIAL_COUNT = 0x838;
    public static final int CURRENT_COUNT = 0x839;
    public static final int DIVIDE_CONFIGURATION = 0x83E;
    public static final int SELF_IPI = 0x83F;

    /** IA32_TSC_DEADLINE, which belongs to the APIC's timer. */
    public static final int TSC_DEADLINE = 0x6E0;

    // Bits that registers have; a local vector of a timer has a mode in bits 18:17, other ones a delivery mode.
    private static final long SPURIOUS_BITS = 0x1FF;
    private static final long COMMAND_BITS = 0xFFFF_FFFF_000C_CFFFL;
    private static final long TIMER_BITS = 0x7_10FF;
    private static final long LOCAL_VECTOR_BITS = 0x1_F7FF;
    private static final long DIVIDE_BITS = 0xB;
    private static final int DELIVERY_MODES = 0b0111_0111;

    private ApicMsr() {}

    /** Whether the local APIC answers for the MSR. */
    public static boolean has(int msr) {
        return msr >= FIRST && msr <= LAST || msr == TSC_DEADLINE;
    }

    /** Whether RDMSR is no #GP (table 10-6). */
    public static boolean isReadable(int msr) {
        return switch (msr) {
            case ID, VERSION, TASK_PRIORITY, PROCESSOR_PRIORITY, LOGICAL_DESTINATION, SPURIOUS_INTERRUPT -> true;
            case COMMAND, INITIAL_COUNT, CURRENT_COUNT, DIVIDE_CONFIGURATION, TSC_DEADLINE -> true;
            default -> msr >= IN_SERVICE && msr <= ERROR_STATUS || msr >= TIMER && msr <= LAST_LOCAL_VECTOR;
        };
    }

    /** Whether WRMSR of that value is no #GP (table 10-6, 10.12.1.2). */
    public static boolean takes(int msr, long value) {
        return switch (msr) {
            case TASK_PRIORITY, SELF_IPI -> value >>> 8 == 0;
            case END_OF_INTERRUPT, ERROR_STATUS -> value == 0;
            case SPURIOUS_INTERRUPT -> (value & ~SPURIOUS_BITS) == 0;
            case COMMAND -> (value & ~COMMAND_BITS) == 0 && (DELIVERY_MODES >>> (value >>> 8 & 7) & 1) != 0;
            case TIMER -> (value & ~TIMER_BITS) == 0 && (value >>> 17 & 3) != 3;
            case INITIAL_COUNT -> value >>> 32 == 0;
            case DIVIDE_CONFIGURATION -> (value & ~DIVIDE_BITS) == 0;
            case TSC_DEADLINE -> true;
            default -> msr > TIMER && msr <= LAST_LOCAL_VECTOR && (value & ~LOCAL_VECTOR_BITS) == 0;
        };
    }

    /** Whether what it reads as depends on when interrupts come: no two runs of a program agree on it. */
    public static boolean isTimed(int msr) {
        return msr == PROCESSOR_PRIORITY
                || msr >= IN_SERVICE && msr < ERROR_STATUS
                || msr == CURRENT_COUNT
                || msr == TSC_DEADLINE;
    }
}
