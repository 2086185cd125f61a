package hvsim.vmm.host;

import hvsim.cpu.Program;
import hvsim.cpu.Vcpu;
import hvsim.tlb.Snapshot;

/** What becomes of work that a hypervisor does not do itself. Cores go by their numbers. */
public interface Host {
    /**
     * A guest's access to a port is answered; what that takes on this core goes into the hypervisor's program.
     *
     * @return whether the guest goes on; else it waits until somebody has answered
     */
    boolean answer(int core, Vcpu guest, Program program);

    /** An interrupt of the machine, a device's or the end of a slice, has made a guest leave the core. */
    void interrupt(int core, Vcpu guest, Program program);

    /** A guest has called its hypervisor. Returns whether that was the host's own business, and is done. */
    boolean takesCall(int core, Vcpu caller, Program program);

    void transfer(Snapshot snapshot);
}
