package hvsim.vmm;

import hvsim.cpu.CoreCounts;
import hvsim.cpu.Tally;
import hvsim.cpu.Vcpu;
import hvsim.tlb.Snapshot;
import java.util.List;

/** What was counted while one virtual processor ran, whichever core it ran on. */
public final class VcpuCounts {
    private final Vcpu vcpu;
    private long uncountedCycles;

    VcpuCounts(Vcpu vcpu) {
        this.vcpu = vcpu;
    }

    public Vcpu vcpu() {
        return vcpu;
    }

    /** TLB misses and walks. */
    public CoreCounts counts() {
        return vcpu.total().core();
    }

    void add(CoreCounts more) {
        vcpu.counts().add(more);
    }

    /** What was counted so far was the warm-up. */
    void startCounting() {
        uncountedCycles += cycles();
        vcpu.startCounting();
    }

    /** What was counted in each phase since the last time; counting goes on from zero. */
    public List<Tally> take() {
        List<Tally> taken = vcpu.phases().stream().map(Tally::copy).toList();
        uncountedCycles += cycles();
        vcpu.clearCounts();
        return taken;
    }

    /** Cycles spent since counting started. */
    public long cycles() {
        return vcpu.total().allCycles();
    }

    long allCycles() {
        return uncountedCycles + cycles();
    }

    void transfer(Snapshot snapshot) {
        vcpu.transfer(snapshot);
        uncountedCycles = snapshot.transfer(uncountedCycles);
    }
}
