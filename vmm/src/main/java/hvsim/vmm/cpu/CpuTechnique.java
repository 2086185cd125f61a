package hvsim.vmm.cpu;

import hvsim.cpu.Vcpu;
import hvsim.tlb.Snapshot;

/** A way to run guests on the cores of a machine, which go by their numbers. */
public interface CpuTechnique {
    /** Powers up: each core gets the first virtual processor that waits for it. */
    void start();

    /** Handles the VM exit that just happened on a core. */
    void handleExit(int core);

    /** The guest's kernel on a core stands at code of its own, which the hypervisor translates. */
    void runKernelCode(int core);

    /** A core that is about to enter a guest has an interrupt to take before. */
    void handleInterrupt(int core);

    /** By an end on the core {@code by} none of its VM is left to send it an interrupt: nothing else ends its HLT. */
    void isAlone(Vcpu vcpu, int by);

    /** The program of who ran on a core has ended: the next one runs, if there is one. */
    void end(int core);

    /** An idle core has somebody to run, from {@code cycle} on. */
    void wake(int core, long cycle);

    /** Whether an event can wake a core that has nobody to run: the hypervisor's, not that of a guest that has ended. */
    boolean sleepsLightly();

    /**
     * Which ports and MSRs that are not its own a virtual processor reaches; an empty text if none. At CPL 3, with IOPL 0
     * and no I/O bitmap, it reaches none.
     */
    default String audit(Vcpu vcpu) {
        return "";
    }

    void transfer(Snapshot snapshot);
}
