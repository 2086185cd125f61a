package hvsim.vmm.cpu;

import hvsim.cpu.Vcpu;
import hvsim.tlb.Snapshot;

/** A way to run guests on a core. */
public interface CpuTechnique {
    /** Powers up with the first virtual processor of those that take turns. */
    void start(Turns turns);

    /** Runs a virtual processor from now on, whatever ran before. */
    void switchTo(Vcpu vcpu);

    /** Handles the VM exit that just happened. */
    void handleExit();

    void transfer(Snapshot snapshot);
}
