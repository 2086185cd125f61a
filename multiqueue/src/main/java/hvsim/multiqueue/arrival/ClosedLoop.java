package hvsim.multiqueue.arrival;

import hvsim.multiqueue.service.CycleHeap;
import hvsim.multiqueue.service.RandomStream;
import hvsim.multiqueue.service.ServiceTime;
import hvsim.tlb.Snapshot;

/** Clients that each have one request outstanding, or think about the next one. All begin with a thought. */
public final class ClosedLoop implements ArrivalProcess {
    private final ServiceTime think;
    private final RandomStream random;
    private final CycleHeap thinking;
    private final int outstanding;

    /** @param outstanding clients, and so the most requests at a time */
    public ClosedLoop(int outstanding, ServiceTime think, RandomStream random) {
        if (outstanding < 1 || outstanding > 1 << 20) {
            throw new IllegalArgumentException("a closed loop has 1 to 2^20 requests outstanding, not " + outstanding);
        }
        this.outstanding = outstanding;
        this.think = think;
        this.random = random;
        thinking = new CycleHeap(outstanding);
        for (int i = 0; i < outstanding; i++) {
            done(0);
        }
    }

    @Override
    public long nextCycle() {
        return thinking.firstCycle();
    }

    @Override
    public void arrived() {
        thinking.removeFirst();
    }

    @Override
    public void done(long cycle) {
        if (thinking.size() == outstanding) {
            throw new IllegalStateException("more requests are done than were made");
        }
        thinking.add(cycle + think.nextCycles(random), 0);
    }

    @Override
    public void transfer(Snapshot snapshot) {
        random.transfer(snapshot);
        thinking.transfer(snapshot);
    }
}
