package hvsim.vmm.host;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.schedule.Scheduler;

/**
 * Processes of the host that always have something to do: on each core they take turns with the virtual processors, each
 * for a slice, after each of those that wait there had one. A virtual processor that wakes does not wait for them.
 *
 * <p>What they touch pushes translations out: 4 pages of code and 32 of data each (assumed).
 */
public final class Applications {
    private static final int TEXT_PAGES = 4;
    private static final int DATA_PAGES = 32;
    private static final long STEP_BYTES = 1L << 21;

    private final int count;
    private final long sliceCycles;
    private final RootSpace space;
    private final RootSpace hypervisor;
    private final Scheduler scheduler;

    /** By core: turns of virtual processors since the applications had theirs. */
    private final long[] turns;

    /** @param hypervisor its address space, in which it goes on: the guest's that it came from may have ended meanwhile */
    Applications(
            int count,
            long sliceCycles,
            RootSpace space,
            RootSpace hypervisor,
            Frames frames,
            Scheduler scheduler,
            int cores) {
        this.count = count;
        this.sliceCycles = sliceCycles;
        this.space = space;
        this.hypervisor = hypervisor;
        this.scheduler = scheduler;
        this.turns = new long[cores];
        for (int application = 0; application < count; application++) {
            space.map(text(application), TEXT_PAGES + DATA_PAGES, frames);
        }
    }

    /** A virtual processor has had its turn on a core, whose number is given, and waits again. */
    public void takeTurns(int number, Core core, Program program) {
        turns[number]++;
        if (count > 0 && turns[number] >= scheduler.waiting(number)) {
            turns[number] = 0;
            core.giveAway(count * sliceCycles);
            addTraces(program);
        }
    }

    private void addTraces(Program program) {
        RootSpace.addLoadCr3(program, space.cr3());
        for (int application = 0; application < count; application++) {
            long text = text(application);
            RootSpace.addFetches(program, text, TEXT_PAGES);
            RootSpace.addReferences(program, text + (long) TEXT_PAGES * RootSpace.PAGE_BYTES, DATA_PAGES);
        }
        RootSpace.addLoadCr3(program, hypervisor.cr3());
    }

    private long text(int application) {
        return space.hostLayout().applications() + application * STEP_BYTES;
    }

    public void transfer(Snapshot snapshot) {
        snapshot.transfer(turns);
    }
}
