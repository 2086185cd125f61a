package hvsim.vmm.host;

import hvsim.cpu.Program;
import hvsim.cpu.Vcpu;
import hvsim.tlb.Snapshot;

/** The hypervisor has nobody to turn to: all is in its own handlers. */
final class BareMetal implements Host {
    @Override
    public boolean answer(int core, Vcpu guest, Program program) {
        return true;
    }

    @Override
    public void interrupt(int core, Vcpu guest, Program program) {
        // its own handler has dealt with it
    }

    @Override
    public boolean takesCall(int core, Vcpu caller, Program program) {
        return false;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        // no state
    }
}
