package hvsim.cpu;

import hvsim.tlb.Invalidation;

/** The address space of the loaded virtual processor, as its own instructions change it. */
final class GuestSpace {
    private final Core core;
    private final Mmu mmu;

    GuestSpace(Core core, Mmu mmu) {
        this.core = core;
        this.mmu = mmu;
    }

    /** Registers have changed that say which tables are in force. */
    void enter() {
        Vcpu vcpu = core.vcpu();
        if (core.mode().isBare()) {
            mmu.tables().enterOneStage(vcpu.registers(), 0);
        } else if (core.mode().isNonRoot()) {
            mmu.tables().enterTwoStages(vcpu.registers(), vcpu.vmcs());
        }
    }

    /** The VPID that its translations are tagged with. */
    int vpid() {
        return core.mode().isBare() ? 0 : core.vcpu().vmcs().effectiveVpid();
    }

    /** What an instruction drops; of one that traps the hypervisor decides itself what it drops instead. */
    void drop(Invalidation invalidation) {
        if (!core.mode().deprivileges()) {
            mmu.invalidate(invalidation);
        }
    }
}
