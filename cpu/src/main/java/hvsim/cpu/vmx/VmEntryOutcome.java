package hvsim.cpu.vmx;

/**
 * What the checks of a VM entry come to: it succeeds, VMLAUNCH or VMRESUME fails and execution goes on after it, or
 * the entry fails and ends as a VM exit would.
 *
 * @param kind which of these
 * @param error of VMfail; else none
 * @param reason of a failed entry, without bit 31; for other kinds of no meaning
 * @param qualification of a failed entry; else 0
 * @param rule what was broken; empty if nothing was
 */
public record VmEntryOutcome(Kind kind, VmxError error, ExitReason reason, long qualification, String rule) {
    /** Bit 31 of the exit-reason field: the exit is a failed VM entry (SDM vol. 3, 24.9.1). */
    public static final long ENTRY_FAILURE = 1L << 31;

    public static final VmEntryOutcome SUCCEEDS =
            new VmEntryOutcome(Kind.SUCCEEDS, VmxError.NONE, ExitReason.INVALID_STATE, 0, "");

    /** A machine check happened on the way (SDM vol. 3, 26.8). */
    public static final VmEntryOutcome MACHINE_CHECK = new VmEntryOutcome(
            Kind.ENTRY_FAILURE,
            VmxError.NONE,
            ExitReason.MCE_DURING_VMENTRY,
            0,
            "a machine check came during VM entry");

    /** How a VM entry ends. */
    public enum Kind {
        SUCCEEDS,
        VMFAIL,
        ENTRY_FAILURE
    }

    static VmEntryOutcome vmFail(VmxError error, EntryRule rule) {
        return new VmEntryOutcome(Kind.VMFAIL, error, ExitReason.INVALID_STATE, 0, rule.toString());
    }

    static VmEntryOutcome invalidGuestState(long qualification, EntryRule rule) {
        return new VmEntryOutcome(
                Kind.ENTRY_FAILURE, VmxError.NONE, ExitReason.INVALID_STATE, qualification, rule.toString());
    }

    /** @param index of the entry in the list, from 1 */
    static VmEntryOutcome msrLoading(long index) {
        return new VmEntryOutcome(
                Kind.ENTRY_FAILURE,
                VmxError.NONE,
                ExitReason.MSR_LOAD_FAIL,
                index,
                "entry " + index + " of the VM-entry MSR-load list can be loaded (SDM vol. 3, 26.4)");
    }

    public boolean succeeds() {
        return kind == Kind.SUCCEEDS;
    }

    /** What a failed entry writes into the exit-reason field. */
    public long exitReasonField() {
        return ENTRY_FAILURE | reason.number();
    }
}
