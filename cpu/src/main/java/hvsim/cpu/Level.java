package hvsim.cpu;

import hvsim.cpu.state.Msrs;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.Vmcs;
import hvsim.tlb.Snapshot;

/**
 * What a virtual processor is at one level of virtualization: as the processor of its guest; or, where the guest has a
 * hypervisor that is itself a guest, as the processor of that.
 */
final class Level {
    final Registers registers = new Registers();
    final Msrs msrs = new Msrs();
    final ProgramStack programs;

    /** The current one of whichever hypervisor is at work on it. */
    Vmcs vmcs = new Vmcs();

    /** @param owner its name, for messages */
    Level(String owner, OpStream stream) {
        programs = new ProgramStack(owner, stream, registers);
    }

    void transfer(Snapshot snapshot) {
        registers.transfer(snapshot);
        msrs.transfer(snapshot);
        vmcs.transfer(snapshot);
        programs.transfer(snapshot);
    }
}
