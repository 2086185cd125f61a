package hvsim.scenarios.run;

import hvsim.cpu.CyclePart;
import hvsim.cpu.ExitCounts;
import hvsim.cpu.Observations;
import hvsim.cpu.Retention;
import hvsim.cpu.Vcpu;
import hvsim.scenarios.run.RunResult.Cycles;
import hvsim.tlb.Tlb;
import hvsim.vmm.CoreCounts;
import hvsim.vmm.VcpuCounts;

/**
 * What was counted for one virtual processor; lets go of the machine that it ran on.
 *
 * @param ended whether its program came to its end
 */
record VcpuTally(
        String name,
        long operations,
        boolean ended,
        Cycles cycles,
        CoreCounts core,
        Lookups guest,
        Lookups hypervisor,
        long pageFaults,
        ExitCounts exits,
        Retention retention,
        Observations observations) {
    private static final int PAGE_FAULT = 14;

    /** First-level look-ups. */
    record Lookups(long fetch, long data) {}

    static VcpuTally of(VcpuCounts counts) {
        Vcpu vcpu = counts.vcpu();
        return new VcpuTally(
                vcpu.name(),
                vcpu.operations(),
                vcpu.hasEnded(),
                cycles(vcpu),
                counts.counts(),
                lookups(vcpu, false),
                lookups(vcpu, true),
                vcpu.faults(PAGE_FAULT),
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
