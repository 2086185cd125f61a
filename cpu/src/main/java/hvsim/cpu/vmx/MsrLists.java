package hvsim.cpu.vmx;

/**
 * Lists of MSRs in memory that VM entries and exits load, and exits store.
 *
 * <pre>
 *  127           64 63        32 31         0
 * +----------------+------------+------------+
 * |     value      |     0      | MSR number |
 * +----------------+------------+------------+
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 24.7.2, 24.8.2, 26.4, 27.4 and 27.6.
 */
public final class MsrLists {
    private static final long ENTRY_BYTES = 16;

    private MsrLists() {}

    /**
     * Success, or reason 34 with the number of the first entry that cannot be loaded. What a longer list than
     * IA32_VMX_MISC recommends does is undefined; here it is the machine check that A.6 names.
     */
    static VmEntryOutcome checkEntryLoad(Vmcs vmcs, EntryContext context) {
        if (vmcs.read(VmcsField.ENTRY_MSR_LOAD_COUNT)
                > VmxMisc.longestMsrList(context.capability().misc())) {
            return VmEntryOutcome.MACHINE_CHECK;
        }
        long bad = firstUnloadable(
                vmcs.read(VmcsField.ENTRY_MSR_LOAD_ADDRESS), vmcs.read(VmcsField.ENTRY_MSR_LOAD_COUNT), context);
        return bad == 0 ? VmEntryOutcome.SUCCEEDS : VmEntryOutcome.msrLoading(bad);
    }

    /**
     * The number, from 1, of the first entry of a list that cannot be loaded; 0 if all can.
     */
    public static long firstUnloadable(long list, long count, EntryContext context) {
        for (long i = 0; i < count; i++) {
            if (!isLoadable(list + ENTRY_BYTES * i, context)) {
                return i + 1;
            }
        }
        return 0;
    }

    private static boolean isLoadable(long entry, EntryContext context) {
        long number = context.memory().read(entry);
        return number >>> 32 == 0
                && !MsrRules.isBarredFromLists((int) number)
                && MsrRules.isWritable((int) number, context.memory().read(entry + 8), context.capability());
    }
}
