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

    private ApicMsr() {}

    /** Whether the local APIC answers for the MSR. */
    public static boolean has(int msr) {
        return msr >= FIRST && msr <= LAST || msr == TSC_DEADLINE;
    }

    /** Whether what it reads as depends on when interrupts come: no two runs of a program agree on it. */
    public static boolean isTimed(int msr) {
        return msr == PROCESSOR_PRIORITY
                || msr >= IN_SERVICE && msr < ERROR_STATUS
                || msr == CURRENT_COUNT
                || msr == TSC_DEADLINE;
    }
}
