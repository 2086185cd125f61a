package hvsim.vmm.schedule;

import hvsim.tlb.Snapshot;
import java.util.Arrays;
import java.util.List;

/** Which virtual processor runs on which core. Both go by their numbers in the machine. */
public final class Scheduler {
    /** Nobody, or no core. */
    public static final int NONE = -1;

    /** No time at all. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int WAITING = 0;
    private static final int RUNNING = 1;
    private static final int BLOCKED = 2;
    private static final int ENDED = 3;
    private static final int HELD = 4;

    private final Policy policy;
    private final List<Candidate> candidates;
    private final RunQueue[] queues;
    private final int[] running;
    private final int[] state;
    private final int[] coreOf;
    private final int[] ranOn;
    private final long[] readyAt;
    private final long[] startedAt;

    /** Time had by weight, in cycles shifted left by {@link #SHARE_SHIFT}. */
    private final long[] had;

    private static final int SHARE_SHIFT = 10;

    private final long[] waitedCycles;

    /** By core: of those that have woken during the present turn, who has had the least; {@link #NONE} without one. */
    private final int[] woken;

    private int idleCores;
    private int ended;

    /** Those whose programs end. */
    private final int ending;

    /** Each virtual processor waits on the core that has the fewest so far, of those it may run on. */
    public Scheduler(Policy policy, int cores, List<Candidate> candidates) {
        this.policy = policy;
        this.candidates = List.copyOf(candidates);
        int count = candidates.size();
        ending = (int) candidates.stream().filter(one -> !one.serves()).count();
        queues = new RunQueue[cores];
        Arrays.setAll(queues, i -> new RunQueue());
        running = new int[cores];
        Arrays.fill(running, NONE);
        idleCores = cores;
        state = new int[count];
        coreOf = new int[count];
        ranOn = new int[count];
        Arrays.fill(ranOn, NONE);
        readyAt = new long[count];
        startedAt = new long[count];
        had = new long[count];
        waitedCycles = new long[count];
        woken = new int[cores];
        Arrays.fill(woken, NONE);
        for (int vcpu = 0; vcpu < count; vcpu++) {
            coreOf[vcpu] = shortestQueue(vcpu);
            queues[coreOf[vcpu]].add(vcpu);
        }
    }

    private int shortestQueue(int vcpu) {
        int best = NONE;
        for (int core = 0; core < queues.length; core++) {
            if (candidates.get(vcpu).mayRunOn(core) && (best == NONE || queues[core].size() < queues[best].size())) {
                best = core;
            }
        }
        if (best == NONE) {
            throw new IllegalArgumentException("virtual processor " + vcpu + " may run on no core of the machine");
        }
        return best;
    }

    /** The core that the virtual processor runs on, or else waits for or ran on last. */
    public int coreOf(int vcpu) {
        return coreOf[vcpu];
    }

    /** Who runs on a core, or {@link #NONE}. */
    public int running(int core) {
        return running[core];
    }

    public boolean isIdle(int core) {
        return running[core] == NONE;
    }

    public boolean allEnded() {
        return ended == ending;
    }

    /** The core that the virtual processor last ran on before the present one; {@link #NONE} if it never ran. */
    public int ranOn(int vcpu) {
        return ranOn[vcpu];
    }

    /** Cycles in which it could have run, but others did. */
    public long waitedCycles(int vcpu) {
        return waitedCycles[vcpu];
    }

    /** When an idle core has somebody to run, or {@link #NEVER}. */
    public long earliest(int core) {
        long earliest = NEVER;
        for (int place = 0; place < queues[core].size(); place++) {
            earliest = Math.min(earliest, readyAt[queues[core].get(place)]);
        }
        return earliest;
    }

    /** The next one runs on an idle core; returns who, or {@link #NONE} if there is nobody yet. */
    public int next(int core, long now) {
        if (queues[core].size() == 0) {
            steal(core);
        }
        int place = choice(queues[core], now);
        if (place == NONE) {
            return NONE;
        }
        int vcpu = queues[core].remove(place);
        state[vcpu] = RUNNING;
        running[core] = vcpu;
        woken[core] = NONE;
        idleCores--;
        waitedCycles[vcpu] += now - readyAt[vcpu];
        startedAt[vcpu] = now;
        return vcpu;
    }

    /** Of those that are ready. */
    private int choice(RunQueue queue, long now) {
        int best = NONE;
        for (int place = 0; place < queue.size(); place++) {
            int vcpu = queue.get(place);
            if (readyAt[vcpu] <= now && (best == NONE || policy.prefers(had[vcpu], had[queue.get(best)]))) {
                best = place;
            }
        }
        return best;
    }

    /** From the longest queue, the first that may. */
    private void steal(int core) {
        int from = NONE;
        int what = NONE;
        for (int other = 0; other < queues.length; other++) {
            if (queues[other].size() > (from == NONE ? 0 : queues[from].size())) {
                int place = firstThatMay(queues[other], core);
                from = place == NONE ? from : other;
                what = place == NONE ? what : place;
            }
        }
        if (from != NONE) {
            int vcpu = queues[from].remove(what);
            woken[from] = woken[from] == vcpu ? NONE : woken[from];
            coreOf[vcpu] = core;
            queues[core].add(vcpu);
        }
    }

    private int firstThatMay(RunQueue queue, int core) {
        for (int place = 0; place < queue.size(); place++) {
            if (candidates.get(queue.get(place)).mayRunOn(core)) {
                return place;
            }
        }
        return NONE;
    }

    /** The end of a slice: who ran waits again. */
    public void endTurn(int core, long now) {
        int vcpu = stop(core, now);
        enqueue(vcpu, queues[core].size() == 0 ? core : idleCoreFor(vcpu, core), now);
    }

    /** Who ran waits for an event. */
    public void block(int core, long now) {
        state[stop(core, now)] = BLOCKED;
    }

    /** Who ran waits for what somebody else does for it, and no event lets it go on before. */
    public void hold(int core, long now) {
        state[stop(core, now)] = HELD;
    }

    /** How many wait on a core, or will wait there soon. */
    public int waiting(int core) {
        return queues[core].size();
    }

    /** The program of who ran has ended. */
    public void end(int core, long now) {
        state[stop(core, now)] = ENDED;
        ended++;
    }

    private int stop(int core, long now) {
        int vcpu = running[core];
        running[core] = NONE;
        idleCores++;
        ranOn[vcpu] = core;
        had[vcpu] += share(vcpu, now);
        return vcpu;
    }

    /** What it has had, by weight, since its turn began. */
    private long share(int vcpu, long now) {
        return (now - startedAt[vcpu] << SHARE_SHIFT) / candidates.get(vcpu).weight();
    }

    public boolean isBlocked(int vcpu) {
        return state[vcpu] == BLOCKED;
    }

    /** The core on which the virtual processor runs, or {@link #NONE}. */
    public int runningOn(int vcpu) {
        return state[vcpu] == RUNNING ? coreOf[vcpu] : NONE;
    }

    /**
     * A virtual processor that was blocked or held may go on, at the core that it ran on last, or at another if that is busy and the
     * other is not. It has not had less time than the least of those that run: who sleeps saves up nothing.
     *
     * @param by the core on which it is woken
     * @param wakeCycles from now until another core hears of it
     * @return the core that it waits for
     */
    public int wake(int vcpu, int by, long now, long wakeCycles) {
        int last = coreOf[vcpu];
        had[vcpu] = Math.max(had[vcpu], leastHad(last));
        int core = isIdle(last) ? last : idleCoreFor(vcpu, last);
        enqueue(vcpu, core, core == by ? now : now + wakeCycles);
        if (woken[core] == NONE || had[vcpu] < had[woken[core]]) {
            woken[core] = vcpu;
        }
        return core;
    }

    /** Whether who runs on a core gives way to somebody who has woken during its turn, before that is over. */
    public boolean givesWay(int core, long now) {
        int other = woken[core];
        if (other == NONE || running[core] == NONE || readyAt[other] > now) {
            return false;
        }
        int vcpu = running[core];
        return policy.prefers(had[other], had[vcpu] + share(vcpu, now));
    }

    private long leastHad(int core) {
        long least = running[core] == NONE ? NEVER : had[running[core]];
        for (int place = 0; place < queues[core].size(); place++) {
            least = Math.min(least, had[queues[core].get(place)]);
        }
        return least == NEVER ? 0 : least;
    }

    private void enqueue(int vcpu, int core, long at) {
        state[vcpu] = WAITING;
        coreOf[vcpu] = core;
        readyAt[vcpu] = at;
        queues[core].add(vcpu);
    }

    private int idleCoreFor(int vcpu, int otherwise) {
        for (int core = 0; idleCores > 0 && core < queues.length; core++) {
            if (core != otherwise
                    && isIdle(core)
                    && queues[core].size() == 0
                    && candidates.get(vcpu).mayRunOn(core)) {
                return core;
            }
        }
        return otherwise;
    }

    /** Counting starts anew. */
    public void clearCounts(int vcpu) {
        waitedCycles[vcpu] = 0;
    }

    public void transfer(Snapshot snapshot) {
        for (RunQueue queue : queues) {
            queue.transfer(snapshot);
        }
        snapshot.transfer(running);
        snapshot.transfer(state);
        snapshot.transfer(coreOf);
        snapshot.transfer(ranOn);
        snapshot.transfer(readyAt);
        snapshot.transfer(startedAt);
        snapshot.transfer(had);
        snapshot.transfer(waitedCycles);
        snapshot.transfer(woken);
        idleCores = snapshot.transfer(idleCores);
        ended = snapshot.transfer(ended);
    }
}
