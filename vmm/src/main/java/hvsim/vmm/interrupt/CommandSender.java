package hvsim.vmm.interrupt;

import hvsim.cpu.Program;
import hvsim.cpu.apic.InterruptCommand;

/** Who carries out the commands of guests' local APICs. */
interface CommandSender {
    /** A guest's command, carried out by the hypervisor on a core: what is to be sent goes into its program. */
    void send(Program program, int core, int sender, InterruptCommand command);
}
