package hvsim.cpu;

import hvsim.cpu.event.Event;
import hvsim.cpu.vmx.InterruptionInfo;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import org.jspecify.annotations.Nullable;

/**
 * What a VM exit writes about events into the VMCS, and what a VM entry reads of them.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 26.5, 27.2.2 to 27.2.4.
 */
final class EventInformation {
    private EventInformation() {}

    /** The event that exited by itself. */
    static void ofCause(Event event, Vmcs vmcs) {
        vmcs.write(VmcsField.EXIT_INTERRUPTION_INFO, event.interruptionInfo());
        if (event.hasErrorCode()) {
            vmcs.write(VmcsField.EXIT_INTERRUPTION_ERROR_CODE, event.errorCode());
        }
        if (event.type().isSoftware()) {
            vmcs.write(VmcsField.EXIT_INSTRUCTION_LENGTH, event.lengthBytes());
        }
    }

    /** The event whose delivery the exit interrupted, if there was one; that no event caused it; that none is injected. */
    static void ofInterruptedDelivery(@Nullable Event event, Vmcs vmcs) {
        vmcs.write(
                VmcsField.ENTRY_INTERRUPTION_INFO,
                vmcs.read(VmcsField.ENTRY_INTERRUPTION_INFO) & ~InterruptionInfo.VALID);
        vmcs.write(VmcsField.EXIT_INTERRUPTION_INFO, InterruptionInfo.NONE);
        vmcs.write(VmcsField.IDT_VECTORING_INFO, event == null ? InterruptionInfo.NONE : event.interruptionInfo());
        if (event != null && event.hasErrorCode()) {
            vmcs.write(VmcsField.IDT_VECTORING_ERROR_CODE, event.errorCode());
        }
        if (event != null && event.type().isSoftware()) {
            vmcs.write(VmcsField.EXIT_INSTRUCTION_LENGTH, event.lengthBytes());
        }
    }

    /** What an entry injects, or null (26.5). */
    static @Nullable Event injected(Vmcs vmcs, long cr2) {
        long info = vmcs.read(VmcsField.ENTRY_INTERRUPTION_INFO);
        if (!InterruptionInfo.isValid(info)) {
            return null;
        }
        return Event.injected(
                info,
                vmcs.read(VmcsField.ENTRY_EXCEPTION_ERROR_CODE),
                vmcs.read(VmcsField.ENTRY_INSTRUCTION_LENGTH),
                cr2);
    }
}
