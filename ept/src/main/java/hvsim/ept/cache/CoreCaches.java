package hvsim.ept.cache;

import hvsim.tlb.Snapshot;

/** The hierarchy as one core sees it: its own two levels, and its socket's. */
public final class CoreCaches {
    static final int L1 = 0;
    static final int L2 = 1;
    static final int L3 = 2;
    static final int MEMORY = 3;
    static final int REMOTE_MEMORY = 4;

    private static final int LINE_SHIFT = 6;

    /** What was served to whom: 8 counters each, by level. */
    private static final int WALKS = 0;

    private static final int DATA = 8;
    private static final int FOR_HYPERVISOR = 16;

    private final SocketCaches socket;
    private final LineCache l1Data;
    private final LineCache l1Fetches;
    private final LineCache l2;
    private final int[] cyclesByLevel;
    private final boolean holdsData;
    private final long[] served = new long[2 * FOR_HYPERVISOR];
    private int countedFor;

    CoreCaches(CachesSpec spec, SocketCaches socket) {
        this.socket = socket;
        l1Data = new LineCache(spec.l1());
        l1Fetches = new LineCache(spec.l1());
        l2 = new LineCache(spec.l2());
        cyclesByLevel = spec.cyclesByLevel();
        holdsData = spec.holdsData();
    }

    /** Whether data references and fetches are to be told of. */
    public boolean holdsData() {
        return holdsData;
    }

    /** A walk reads a table entry: latency in cycles. */
    public int walk(long hpa) {
        int level = serve(l1Data, hpa >>> LINE_SHIFT);
        served[countedFor + WALKS + level]++;
        return cyclesByLevel[level];
    }

    /** A reference to data, or a fetch, of bytes in one page: what it takes longer than hits of the first level. */
    public int access(boolean fetch, long hpa, int sizeBytes) {
        long last = hpa + sizeBytes - 1 >>> LINE_SHIFT;
        int stall = 0;
        for (long line = hpa >>> LINE_SHIFT; line <= last; line++) {
            int level = serve(fetch ? l1Fetches : l1Data, line);
            served[countedFor + DATA + level]++;
            stall += Math.max(0, cyclesByLevel[level] - cyclesByLevel[L1]);
        }
        return stall;
    }

    private int serve(LineCache first, long line) {
        if (first.touch(line)) {
            return L1;
        }
        return l2.touch(line) ? L2 : socket.serve(line);
    }

    /** Counts from now on for the hypervisor's own code, or for guests. */
    public void countForHypervisor(boolean hypervisor) {
        countedFor = hypervisor ? FOR_HYPERVISOR : 0;
    }

    public CacheStats stats() {
        return new CacheStats(
                served(WALKS), served(DATA), served(FOR_HYPERVISOR + WALKS), served(FOR_HYPERVISOR + DATA));
    }

    private ServedBy served(int first) {
        return new ServedBy(
                served[first + L1],
                served[first + L2],
                served[first + L3],
                served[first + MEMORY],
                served[first + REMOTE_MEMORY]);
    }

    /** Writes or reads all that is the core's own; the socket's part is transferred by its owner. */
    public void transfer(Snapshot snapshot) {
        l1Data.transfer(snapshot);
        l1Fetches.transfer(snapshot);
        l2.transfer(snapshot);
        snapshot.transfer(served);
        countedFor = snapshot.transfer(countedFor);
    }
}
