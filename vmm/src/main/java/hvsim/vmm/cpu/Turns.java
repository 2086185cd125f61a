package hvsim.vmm.cpu;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.cpu.event.VectorSet;
import hvsim.vmm.host.Applications;
import hvsim.vmm.interrupt.GuestInterrupts;
import hvsim.vmm.schedule.Scheduler;
import java.util.List;

/**
 * Whose turn it is on each core, whatever hypervisor runs there: what ends a turn, and the next one's beginning. What is
 * to be done for it goes into the hypervisor's program.
 */
public final class Turns {
    private final List<Core> cores;
    private final List<Guest> guests;
    private final Scheduler scheduler;
    private final GuestInterrupts interrupts;
    private final HypervisorImage image;
    private final Applications applications;
    private final Beginning beginning;

    /** What a hypervisor has to do for a turn. */
    public interface Beginning {
        /** The guest, which is loaded already, has the core for a slice from now on. */
        void begin(int core, Guest guest, Program program);
    }

    /** @param guests all virtual processors, by their numbers */
    public Turns(
            List<Core> cores,
            List<Guest> guests,
            Scheduler scheduler,
            GuestInterrupts interrupts,
            HypervisorImage image,
            Applications applications,
            Beginning beginning) {
        this.cores = cores;
        this.guests = guests;
        this.scheduler = scheduler;
        this.interrupts = interrupts;
        this.image = image;
        this.applications = applications;
        this.beginning = beginning;
    }

    /** The program of who ran on a core has ended. */
    public void end(int core) {
        int ended = cores.get(core).vcpu().number();
        scheduler.end(core, cores.get(core).clock());
        interrupts.ends(core, ended);
        cores.get(core).transitions().takeBack();
    }

    /** The core is in root mode, and takes what interrupts it has. Returns whether the slice there is over. */
    public boolean takeInterrupts(int core, Program program) {
        Core of = cores.get(core);
        boolean isSliceOver = false;
        for (int vector = of.events().acknowledgeInterrupt();
                vector != VectorSet.NONE;
                vector = of.events().acknowledgeInterrupt()) {
            of.localApic().endOfInterrupt();
            image.addInterrupt(program);
            isSliceOver |= interrupts.handle(program, core, vector);
        }
        return isSliceOver;
    }

    /** An idle core is awake at that cycle, and takes the interrupt that woke it. */
    public void awake(int core, Program program, long cycle) {
        if (cores.get(core).nextEventCycle() <= cycle) {
            cores.get(core).idleUntil(cycle);
            takeInterrupts(core, program);
        }
    }

    /**
     * Before a guest goes on: who has to give way, or is switched off by INIT, does not.
     *
     * @return whether anybody is there to run
     */
    public boolean goesOn(int core, Program program) {
        boolean runs = !scheduler.givesWay(core, cores.get(core).clock()) || addNext(core, program);
        while (runs && interrupts.isOff(cores.get(core).vcpu().number())) {
            runs = addAfterBlock(core, program);
        }
        return runs;
    }

    /** Who runs on a core has executed HLT: it waits for an interrupt, if one can come. */
    public boolean addAfterHalt(int core, Program program) {
        return interrupts.waits(cores.get(core).vcpu()) ? addAfterBlock(core, program) : addNext(core, program);
    }

    /** Who runs on a core waits: the next one's turn, if anybody is there. */
    private boolean addAfterBlock(int core, Program program) {
        long now = cores.get(core).clock();
        scheduler.block(core, now);
        interrupts.isBlocked(core, cores.get(core).vcpu().number());
        return add(core, program, now);
    }

    /** Whether somebody waits for the core. */
    public boolean isWanted(int core) {
        return scheduler.earliest(core) <= cores.get(core).clock();
    }

    /**
     * Who runs on a core has had its slice, or has nothing to do: the next one's turn, if anybody waits. The host's
     * applications may have theirs before.
     */
    public boolean addNext(int core, Program program) {
        scheduler.endTurn(core, cores.get(core).clock());
        interrupts.isPreempted(core, cores.get(core).vcpu().number());
        applications.takeTurns(core, cores.get(core), program);
        return add(core, program, cores.get(core).clock());
    }

    /** Who runs on a core waits until somebody else has done something for it: the next one's turn. */
    public boolean addAfterRequest(int core, Program program) {
        long now = cores.get(core).clock();
        scheduler.hold(core, now);
        interrupts.isPreempted(core, cores.get(core).vcpu().number());
        return add(core, program, now);
    }

    /** The turn of who is next at that cycle. Returns false if there is nobody: the core is idle. */
    public boolean add(int core, Program program, long cycle) {
        int next = scheduler.next(core, cycle);
        if (next == Scheduler.NONE) {
            return false;
        }
        Guest guest = guests.get(next);
        cores.get(core).transitions().switchTo(guest.vcpu());
        cores.get(core).idleUntil(cycle);
        interrupts.starts(core, next);
        beginning.begin(core, guest, program);
        return true;
    }
}
