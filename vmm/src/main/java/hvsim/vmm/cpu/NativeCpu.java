package hvsim.vmm.cpu;

import hvsim.cpu.Core;
import hvsim.cpu.Vcpu;
import hvsim.tlb.Snapshot;

/** No hypervisor: the guest's kernel has the bare processor. */
public final class NativeCpu implements CpuTechnique {
    private final Core core;

    public NativeCpu(Core core) {
        this.core = core;
    }

    @Override
    public void start(Turns turns) {
        switchTo(turns.current());
    }

    @Override
    public void switchTo(Vcpu vcpu) {
        core.load(vcpu);
        core.transitions().startBare();
    }

    @Override
    public void handleExit() {
        throw new IllegalStateException("a bare processor has nothing to exit to");
    }

    @Override
    public void transfer(Snapshot snapshot) {
        // no state
    }
}
