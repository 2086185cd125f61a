package hvsim.vmm.interrupt;

import hvsim.cpu.Vcpu;
import hvsim.cpu.event.VectorSet;

/**
 * The local APIC of a virtual processor whose guest has a hypervisor of its own: that is whose interrupts it keeps. They
 * exit to it while its guest runs, so none is injected then; and its idle loop waits with interrupts off, as MWAIT can
 * (SDM vol. 2B, MWAIT: ECX bit 0).
 */
final class GuestHypervisorApic extends EmulatedApic {
    /** @param apicId within the VM */
    GuestHypervisorApic(Vcpu vcpu, int apicId) {
        super(vcpu, apicId, null);
    }

    @Override
    public boolean hasWaiting() {
        return registers.pending() != VectorSet.NONE;
    }

    @Override
    public void left() {
        if (vcpu.levels().isInGuestHypervisor()) {
            super.left();
        }
    }

    @Override
    public void enter() {
        if (vcpu.levels().isInGuestHypervisor()) {
            super.enter();
        }
    }
}
