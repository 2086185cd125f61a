package hvsim.cpu.vmx;

/**
 * The checks that VMLAUNCH and VMRESUME make of the current VMCS, after those of the launch state:
 *
 * <pre>
 *   controls, host state     VMfail 7 or 8
 *   guest state              exit reason 33
 *   VM-entry MSR-load list   exit reason 34
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 26.2 to 26.4.
 */
public final class VmEntryChecks {
    private VmEntryChecks() {}

    /** Makes all checks; neither the VMCS nor memory changes. */
    public static VmEntryOutcome check(Vmcs vmcs, EntryContext context) {
        EntryState state = new EntryState(vmcs, context);
        for (CheckGroup group : CheckGroup.values()) {
            VmEntryOutcome outcome = group.check(state);
            if (!outcome.succeeds()) {
                return outcome;
            }
        }
        return MsrLists.checkEntryLoad(vmcs, context);
    }

    /**
     * Makes the checks that can come out otherwise than at the last successful entry of this VMCS: those that look at
     * a field that has changed, or beyond the VMCS.
     */
    public static VmEntryOutcome checkChanged(Vmcs vmcs, EntryContext context) {
        int unchecked = vmcs.unchecked();
        if (unchecked == 0 && vmcs.read(VmcsField.ENTRY_MSR_LOAD_COUNT) == 0) {
            return VmEntryOutcome.SUCCEEDS;
        }
        int lookedBeyond = 0;
        for (int left = unchecked; left != 0; left &= left - 1) {
            CheckGroup group = CheckGroup.firstOf(left);
            EntryState state = new EntryState(vmcs, context);
            VmEntryOutcome outcome = group.check(state);
            if (!outcome.succeeds()) {
                return outcome;
            }
            lookedBeyond |= state.lookedBeyondVmcs() ? group.bit() : 0;
        }
        vmcs.setUnchecked(lookedBeyond);
        return MsrLists.checkEntryLoad(vmcs, context);
    }
}
