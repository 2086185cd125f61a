package hvsim.vmm.cpu.exit;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.tlb.Invalidation;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.interrupt.GuestInterrupts;
import hvsim.vmm.schedule.Scheduler;
import java.util.List;

/**
 * Drops the translations of a whole VM, wherever its virtual processors run or have run last. It takes effect at once;
 * what it costs the others, an interrupt and its exit, is paid when that arrives.
 */
public final class TlbFlushes {
    private final List<Core> cores;
    private final Scheduler scheduler;
    private final GuestInterrupts interrupts;
    private final HypervisorImage image;

    public TlbFlushes(List<Core> cores, Scheduler scheduler, GuestInterrupts interrupts, HypervisorImage image) {
        this.cores = cores;
        this.scheduler = scheduler;
        this.interrupts = interrupts;
        this.image = image;
    }

    /** @param guests all of the VM's */
    void flush(List<Guest> guests, Core here, Program program) {
        image.addInvvpid(program);
        for (Guest guest : guests) {
            int number = guest.vcpu().number();
            int runsOn = scheduler.runningOn(number);
            int hasThem = runsOn == Scheduler.NONE ? scheduler.ranOn(number) : runsOn;
            if (hasThem != Scheduler.NONE) {
                cores.get(hasThem)
                        .mmu()
                        .invalidate(
                                Invalidation.invvpidContext(guest.vcpu().vmcs().effectiveVpid()));
            }
            if (runsOn != Scheduler.NONE && cores.get(runsOn) != here) {
                interrupts.kick(program, runsOn);
            }
        }
    }
}
