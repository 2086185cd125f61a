package hvsim.vmm;

import hvsim.cpu.CyclePart;
import hvsim.cpu.Vcpu;
import hvsim.tlb.Snapshot;

/** What was counted while one virtual processor ran, whichever core it ran on. */
public final class VcpuCounts {
    private final Vcpu vcpu;
    private CoreCounts counts = CoreCounts.ZERO;
    private long uncountedCycles;

    VcpuCounts(Vcpu vcpu) {
        this.vcpu = vcpu;
    }

    public Vcpu vcpu() {
        return vcpu;
    }

    /** TLB misses and walks. */
    public CoreCounts counts() {
        return counts;
    }

    void add(CoreCounts more) {
        counts = counts.plus(more);
    }

    /** What was counted so far was the warm-up. */
    void startCounting() {
        uncountedCycles += cycles();
        counts = CoreCounts.ZERO;
        vcpu.clearCounts();
    }

    /** Cycles spent since counting started. */
    public long cycles() {
        long sum = 0;
        for (CyclePart part : CyclePart.values()) {
            sum += vcpu.cycles(part);
        }
        return sum;
    }

    long allCycles() {
        return uncountedCycles + cycles();
    }

    void transfer(Snapshot snapshot) {
        vcpu.transfer(snapshot);
        counts = CoreCounts.transfer(counts, snapshot);
        uncountedCycles = snapshot.transfer(uncountedCycles);
    }
}
