package hvsim.cpu.vmx;

import hvsim.cpu.state.ActivityState;
import hvsim.cpu.state.Registers;

/**
 * What of a guest's registers the VMCS has fields for: a VM exit saves it, a VM entry loads it.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 26.3.2 and 27.3.
 */
public final class GuestState {
    private GuestState() {}

    public static void save(Registers r, Vmcs vmcs) {
        vmcs.write(VmcsField.GUEST_RIP, r.rip);
        vmcs.write(VmcsField.GUEST_RSP, r.rsp);
        vmcs.write(VmcsField.GUEST_RFLAGS, r.rflags);
        vmcs.write(VmcsField.GUEST_CR0, r.cr0);
        vmcs.write(VmcsField.GUEST_CR3, r.cr3);
        vmcs.write(VmcsField.GUEST_CR4, r.cr4);
        vmcs.write(VmcsField.GUEST_INTERRUPTIBILITY_STATE, r.interruptibility);
        vmcs.write(VmcsField.GUEST_ACTIVITY_STATE, r.activity.number());
        vmcs.write(VmcsField.GUEST_PENDING_DEBUG_EXCEPTIONS, r.pendingDebug);
    }

    public static void load(Registers r, Vmcs vmcs) {
        r.rip = vmcs.read(VmcsField.GUEST_RIP);
        r.rsp = vmcs.read(VmcsField.GUEST_RSP);
        r.rflags = vmcs.read(VmcsField.GUEST_RFLAGS);
        r.cr0 = vmcs.read(VmcsField.GUEST_CR0);
        r.cr3 = vmcs.read(VmcsField.GUEST_CR3);
        r.cr4 = vmcs.read(VmcsField.GUEST_CR4);
        r.interruptibility = (int) vmcs.read(VmcsField.GUEST_INTERRUPTIBILITY_STATE);
        r.activity = ActivityState.byNumber((int) vmcs.read(VmcsField.GUEST_ACTIVITY_STATE));
        r.pendingDebug = vmcs.read(VmcsField.GUEST_PENDING_DEBUG_EXCEPTIONS);
    }
}
