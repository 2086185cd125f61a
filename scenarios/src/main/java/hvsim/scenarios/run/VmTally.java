package hvsim.scenarios.run;

import hvsim.cpu.CyclePart;
import hvsim.cpu.ExitCounts;
import hvsim.cpu.Observations;
import hvsim.cpu.Retention;
import hvsim.cpu.Vcpu;
import hvsim.scenarios.run.RunResult.Cycles;
import hvsim.tlb.Tlb;
import hvsim.vmm.CoreCounts;
import hvsim.vmm.Vm;

/**
 * What was counted for one VM; lets go of the machine that it ran on.
 *
 * @param ended whether its program came to its end
 * @param touchedBytes guest-physical memory that got a frame
 */
record VmTally(
        String name,
        long operations,
        boolean ended,
        Cycles cycles,
        CoreCounts core,
        Lookups guest,
        Lookups hypervisor,
        long pageFaults,
        long touchedBytes,
        ExitCounts exits,
        Retention retention,
        Observations observations) {
    private static final int PAGE_FAULT = 14;

    /** First-level look-ups. */
    record Lookups(long fetch, long data) {}

    /** @param bare whether there is no hypervisor that gives it frames */
    static VmTally of(Vm vm, boolean bare) {
        Vcpu vcpu = vm.vcpu();
        return new VmTally(
                vm.spec().name(),
                vcpu.operations(),
                vcpu.hasEnded(),
                cycles(vcpu),
                vm.counts(),
                lookups(vcpu, false),
                lookups(vcpu, true),
                vcpu.faults(PAGE_FAULT),
                bare ? vm.usedBytes() : vm.backedBytes(),
                vcpu.exits(),
                vcpu.retention(),
                vcpu.observations());
    }

    private static Lookups lookups(Vcpu vcpu, boolean hypervisor) {
        return new Lookups(vcpu.lookups(hypervisor, Tlb.FETCH_SIDE), vcpu.lookups(hypervisor, Tlb.DATA_SIDE));
    }

    private static Cycles cycles(Vcpu vcpu) {
        long total = 0;
        for (CyclePart part : CyclePart.values()) {
            total += vcpu.cycles(part);
        }
        return new Cycles(
                vcpu.cycles(CyclePart.GUEST_WORK),
                vcpu.cycles(CyclePart.MEMORY),
                vcpu.cycles(CyclePart.TLB_SECOND_LEVEL),
                vcpu.cycles(CyclePart.GUEST_WALK),
                vcpu.cycles(CyclePart.SECOND_STAGE_WALK),
                vcpu.cycles(CyclePart.TRANSITIONS),
                vcpu.cycles(CyclePart.HYPERVISOR),
                vcpu.cycles(CyclePart.IDLE),
                total);
    }
}
