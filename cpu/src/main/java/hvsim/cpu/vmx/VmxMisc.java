package hvsim.cpu.vmx;

/**
 * Bits of the capability MSR IA32_VMX_MISC.
 *
 * <pre>
 *  31 30 29 28 27  25 24     16 15 14 9 8       6   5   4      0
 * +--+--+--+--+------+---------+--+----+---------+-----+--------+
 * |  |L0|RO|  |lists | targets |  |    |activity | LMA | timer  |
 * +--+--+--+--+------+---------+--+----+---------+-----+--------+
 * timer     the preemption timer counts down once in 2^timer cycles
 * LMA       VM exits store EFER.LMA into "IA-32e mode guest"
 * activity  HLT, shutdown, wait-for-SIPI
 * lists     MSR lists should not have more than 512 * (lists + 1) entries
 * RO        VMWRITE to fields of exit information
 * L0        software events may be injected with instruction length 0
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), appendix A.6; bit 30 as in later editions.
 */
public final class VmxMisc {
    public static final int PREEMPTION_TIMER_SHIFT = 5;
    public static final long STORES_LMA = 1 << 5;
    public static final long WRITES_EXIT_INFORMATION = 1 << 29;
    public static final long INJECTS_LENGTH_0 = 1 << 30;

    /** All that the model has. */
    public static final long ALL =
            PREEMPTION_TIMER_SHIFT | STORES_LMA | 7 << 6 | 4 << 16 | WRITES_EXIT_INFORMATION | INJECTS_LENGTH_0;

    private static final int ACTIVITY_SHIFT = 6;
    private static final int TARGETS_SHIFT = 16;
    private static final int LISTS_SHIFT = 25;

    private VmxMisc() {}

    /** How many CR3-target values there are. */
    static int cr3Targets(long misc) {
        return (int) (misc >>> TARGETS_SHIFT) & 0x1FF;
    }

    /** How many entries an MSR list should have at most. */
    static int longestMsrList(long misc) {
        return 512 * ((int) (misc >>> LISTS_SHIFT & 7) + 1);
    }

    /** Whether a VM entry can lead to the activity state: 1 HLT, 2 shutdown, 3 wait-for-SIPI; 0, active, always. */
    static boolean hasActivity(long misc, long state) {
        return state == 0 || state <= 3 && (misc >>> ACTIVITY_SHIFT + state - 1 & 1) != 0;
    }
}
