package hvsim.vmm;

import hvsim.cpu.CyclePart;
import hvsim.cpu.Vcpu;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.MemoryTechnique;

/** A virtual machine: a virtual processor, a kernel, memory, and what was counted for it. */
public final class Vm {
    private final VmSpec spec;
    private final Vcpu vcpu;
    private final GuestKernel kernel;
    private final MemoryTechnique memory;
    private CoreCounts counts = CoreCounts.ZERO;
    private long uncountedCycles;

    Vm(VmSpec spec, Vcpu vcpu, MemoryTechnique memory) {
        this.spec = spec;
        this.vcpu = vcpu;
        this.memory = memory;
        this.kernel = new GuestKernel(spec, vcpu, memory);
    }

    public VmSpec spec() {
        return spec;
    }

    public Vcpu vcpu() {
        return vcpu;
    }

    GuestKernel kernel() {
        return kernel;
    }

    /** TLB misses and walks while it ran. */
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

    /** Machine memory that it has been given. */
    public long backedBytes() {
        return memory.backedBytes();
    }

    /** Guest-physical memory that its kernel has put to use. */
    public long usedBytes() {
        return kernel.usedBytes();
    }

    /** What the audit of its memory found amiss, or an empty text. */
    public String audit() {
        return memory.audit();
    }

    void transfer(Snapshot snapshot) {
        vcpu.transfer(snapshot);
        kernel.transfer(snapshot);
        counts = CoreCounts.transfer(counts, snapshot);
        uncountedCycles = snapshot.transfer(uncountedCycles);
    }
}
