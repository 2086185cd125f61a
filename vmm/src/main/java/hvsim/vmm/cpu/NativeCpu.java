package hvsim.vmm.cpu;

import hvsim.cpu.Core;
import hvsim.cpu.Vcpu;
import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.state.ActivityState;
import hvsim.tlb.Snapshot;
import hvsim.vmm.schedule.Scheduler;
import java.util.List;

/** No hypervisor: the guest's kernel has the bare processors, one for each of its virtual ones. */
public final class NativeCpu implements CpuTechnique {
    private final List<Core> cores;
    private final List<Vcpu> vcpus;
    private final Scheduler scheduler;

    /** @param drives whether the kernel drives devices: their interrupts come to its first processor */
    public NativeCpu(List<Core> cores, List<Vcpu> vcpus, Scheduler scheduler, boolean drives) {
        this.cores = List.copyOf(cores);
        this.vcpus = List.copyOf(vcpus);
        this.scheduler = scheduler;
        vcpus.forEach(vcpu -> vcpu.expectInterrupts(drives || vcpus.size() > 1));
    }

    @Override
    public void start() {
        for (int core = 0; core < cores.size(); core++) {
            cores.get(core).load(vcpus.get(scheduler.next(core, 0)));
            cores.get(core).transitions().startBare();
        }
    }

    @Override
    public void handleExit(int core) {
        throw new IllegalStateException("a bare processor has nothing to exit to");
    }

    @Override
    public void runKernelCode(int core) {
        throw new IllegalStateException("kernels are executed as they stand");
    }

    @Override
    public void handleInterrupt(int core) {
        throw new IllegalStateException("a bare processor has no host that takes interrupts");
    }

    @Override
    public void isAlone(Vcpu vcpu, int by) {
        Core core = cores.get(scheduler.coreOf(vcpu.number()));
        if (vcpu.registers().activity == ActivityState.HLT && core.nextEventCycle() == LocalApic.NEVER) {
            core.idleUntil(cores.get(by).clock() + core.costs().interprocessorInterrupt());
            vcpu.registers().activity = ActivityState.ACTIVE;
        }
    }

    @Override
    public void end(int core) {
        scheduler.end(core, cores.get(core).clock());
    }

    @Override
    public void wake(int core, long cycle) {
        throw new IllegalStateException("a bare processor that was switched off does not wake");
    }

    @Override
    public boolean sleepsLightly() {
        return false;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        // no state
    }
}
