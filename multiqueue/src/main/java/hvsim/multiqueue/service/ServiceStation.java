package hvsim.multiqueue.service;

import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * A back end: channels that serve requests in the order in which they came. A request is a slot from the time it is
 * offered to the time that it is done; its caller keeps what belongs to it by that number.
 */
public final class ServiceStation {
    public static final int FULL = -1;

    private final StationSpec spec;
    private final RandomStream random;
    private final @Nullable LineRate line;
    private final CycleHeap inService;
    private final long[] offeredCycle;
    private final long[] bytes;

    /** Free slots are a list; slots that wait are a ring. */
    private final int[] nextFree;

    private final int[] waiting;
    private int firstFree;
    private int firstWaiting;
    private int waitingCount;

    private long offered;
    private long lost;
    private long done;
    private long waitedCycles;
    private long busyCycles;

    /** @param line that each request's bytes pass too, while its channel is busy with it; null for none */
    public ServiceStation(StationSpec spec, RandomStream random, @Nullable LineRate line) {
        this.spec = spec;
        this.random = random;
        this.line = line;
        inService = new CycleHeap(spec.channels());
        offeredCycle = new long[spec.depth()];
        bytes = new long[spec.depth()];
        nextFree = new int[spec.depth()];
        waiting = new int[spec.depth()];
        for (int i = 0; i < nextFree.length; i++) {
            nextFree[i] = i + 1;
        }
    }

    public int depth() {
        return spec.depth();
    }

    public boolean isFull() {
        return firstFree == spec.depth();
    }

    /** The request's slot, or {@link #FULL}: then it is lost here. */
    public int offer(long cycle, long requestBytes) {
        offered++;
        if (isFull()) {
            lost++;
            return FULL;
        }
        int slot = firstFree;
        firstFree = nextFree[slot];
        offeredCycle[slot] = cycle;
        bytes[slot] = requestBytes;
        if (inService.size() < spec.channels()) {
            start(slot, cycle);
        } else {
            waiting[wrap(firstWaiting + waitingCount++)] = slot;
        }
        return slot;
    }

    private int wrap(int place) {
        return place >= waiting.length ? place - waiting.length : place;
    }

    private void start(int slot, long cycle) {
        long service = spec.time().nextCycles(random) + (line == null ? 0 : line.cycles(bytes[slot]));
        waitedCycles += cycle - offeredCycle[slot];
        busyCycles += service;
        inService.add(cycle + service, slot);
    }

    /** When the next request is done; {@link CycleHeap#NEVER} if none is in service. */
    public long nextDoneCycle() {
        return inService.firstCycle();
    }

    /** Ends the service of that request; its slot stays as it is until the next {@link #offer}. */
    public int finishNext() {
        long cycle = inService.firstCycle();
        int slot = inService.removeFirst();
        done++;
        nextFree[slot] = firstFree;
        firstFree = slot;
        if (waitingCount > 0) {
            int next = waiting[firstWaiting];
            firstWaiting = wrap(firstWaiting + 1);
            waitingCount--;
            start(next, cycle);
        }
        return slot;
    }

    public long offeredCycle(int slot) {
        return offeredCycle[slot];
    }

    public long bytes(int slot) {
        return bytes[slot];
    }

    public StationStats stats() {
        return new StationStats(offered, lost, done, waitedCycles, busyCycles);
    }

    public void transfer(Snapshot snapshot) {
        random.transfer(snapshot);
        if (line != null) {
            line.transfer(snapshot);
        }
        inService.transfer(snapshot);
        snapshot.transfer(offeredCycle);
        snapshot.transfer(bytes);
        snapshot.transfer(nextFree);
        snapshot.transfer(waiting);
        firstFree = snapshot.transfer(firstFree);
        firstWaiting = snapshot.transfer(firstWaiting);
        waitingCount = snapshot.transfer(waitingCount);
        offered = snapshot.transfer(offered);
        lost = snapshot.transfer(lost);
        done = snapshot.transfer(done);
        waitedCycles = snapshot.transfer(waitedCycles);
        busyCycles = snapshot.transfer(busyCycles);
    }
}
