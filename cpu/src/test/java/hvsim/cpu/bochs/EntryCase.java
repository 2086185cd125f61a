package hvsim.cpu.bochs;

import hvsim.cpu.vmx.EntryContext;
import hvsim.cpu.vmx.VmEntryChecks;
import hvsim.cpu.vmx.VmEntryOutcome;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;

/**
 * A VM entry that was recorded.
 *
 * @param recording tells what the recorded processor implements
 * @param changes what differs from the base, as recorded
 * @param recorded {@code fail 7}, {@code refused 33 QUALIFICATION} or {@code entered}
 */
record EntryCase(Recording recording, String changes, Vmcs vmcs, EntryContext context, String recorded) {
    VmEntryOutcome outcome() {
        return VmEntryChecks.check(vmcs, context);
    }

    boolean isRecorded(String outcome) {
        return recorded.equals(outcome);
    }

    /** What the model comes to, in the words of {@link #recorded}. */
    String modelled() {
        VmEntryOutcome outcome = outcome();
        return switch (outcome.kind()) {
            case SUCCEEDS -> "entered";
            case VMFAIL_INVALID -> "fail invalid";
            case VMFAIL_VALID -> "fail " + outcome.error().number();
            case ENTRY_FAILURE -> "refused " + outcome.reason().number() + " " + outcome.qualification();
        };
    }

    long get(VmcsField field) {
        return vmcs.read(field);
    }

    boolean has(VmxControl control) {
        return vmcs.has(control);
    }

    long recordedQualification() {
        return Long.parseLong(recorded.substring(recorded.lastIndexOf(' ') + 1));
    }

    /** An entry of the VM-entry MSR-load list, from 1. */
    ListEntry listEntry(long number) {
        long at = get(VmcsField.ENTRY_MSR_LOAD_ADDRESS) + (number - 1) * ListEntry.BYTES;
        return new ListEntry(context.memory().read(at), context.memory().read(at + 8));
    }

    /** What a list says: which MSR gets which value. */
    record ListEntry(long msr, long value) {
        static final int BYTES = 16;
    }

    @Override
    public String toString() {
        return changes + ": recorded " + recorded + ", modelled " + modelled() + " "
                + outcome().rule();
    }
}
