package hvsim.vmm.cpu.deprivileged;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.tlb.Invalidation;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.interrupt.GuestInterrupts;
import hvsim.vmm.schedule.Scheduler;
import java.util.List;

/** The cores on which others of a deprivileged VM run. */
final class OtherCores {
    private final List<Core> cores;
    private final Scheduler scheduler;
    private final GuestInterrupts interrupts;
    private final List<Guest> guests;

    /** @param guests the VM's virtual processors */
    OtherCores(Deprivileged.Parts parts, List<Guest> guests) {
        this.cores = parts.cores();
        this.scheduler = parts.scheduler();
        this.interrupts = parts.interrupts();
        this.guests = guests;
    }

    /** It takes effect at once; what it costs the others, an interrupt and its trap, is paid when that arrives. */
    void drop(Invalidation what, Core here, Program program) {
        for (Guest guest : guests) {
            int runsOn = scheduler.runningOn(guest.vcpu().number());
            if (runsOn != Scheduler.NONE && cores.get(runsOn) != here) {
                cores.get(runsOn).mmu().invalidate(what);
                interrupts.kick(program, runsOn);
            }
        }
    }
}
