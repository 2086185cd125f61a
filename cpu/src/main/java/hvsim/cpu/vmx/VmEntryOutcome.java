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
    public static final VmEntryOutcome SUCCEEDS =
            new VmEntryOutcome(Kind.SUCCEEDS, VmxError.NONE, ExitReason.INVALID_STATE, 0, "");

    /** There is no current VMCS, or it is a shadow VMCS (SDM vol. 3, 26.1). */
    public static final VmEntryOutcome NO_VMCS = new VmEntryOutcome(
            Kind.VMFAIL_INVALID,
            VmxError.NONE,
            ExitReason.INVALID_STATE,
            0,
            "there is a current VMCS, and no shadow VMCS");

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
        VMFAIL_INVALID,
        VMFAIL_VALID,
        ENTRY_FAILURE
    }

    static VmEntryOutcome vmFail(VmxError error, EntryRule rule) {
        return new VmEntryOutcome(Kind.VMFAIL_VALID, error, ExitReason.INVALID_STATE, 0, rule.toString());
    }

    /** What is not about the content of the VMCS. */
    static VmEntryOutcome vmFail(VmxError error) {
        return error == VmxError.NONE
                ? SUCCEEDS
                : new VmEntryOutcome(Kind.VMFAIL_VALID, error, ExitReason.INVALID_STATE, 0, error.meaning());
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

    /** What RFLAGS report, if execution goes on after the instruction. */
    public VmxResult result() {
        return switch (kind) {
            case SUCCEEDS, ENTRY_FAILURE -> VmxResult.SUCCEED;
            case VMFAIL_INVALID -> VmxResult.FAIL_INVALID;
            case VMFAIL_VALID -> VmxResult.failValid(error);
        };
    }

    /** What an entry that failed leaves in the VMCS (SDM vol. 3, 26.7). */
    public void record(Vmcs vmcs) {
        vmcs.write(VmcsField.EXIT_REASON, ExitReasonField.ofFailedEntry(reason));
        vmcs.write(VmcsField.EXIT_QUALIFICATION, qualification);
    }
}
