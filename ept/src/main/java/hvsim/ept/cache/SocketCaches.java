package hvsim.ept.cache;

import hvsim.tlb.Snapshot;

/** What the cores of one socket share: the third level, and which memory is near. Its owner saves it, once. */
public final class SocketCaches {
    private final CachesSpec spec;
    private final LineCache l3;
    private final long firstLocalLine;
    private final long endOfLocalLines;

    /**
     * @param firstLocalHpa machine address from which memory is this socket's
     * @param endOfLocalHpa machine address from which it is no more
     */
    public SocketCaches(CachesSpec spec, long firstLocalHpa, long endOfLocalHpa) {
        this.spec = spec;
        this.l3 = new LineCache(spec.l3());
        this.firstLocalLine = firstLocalHpa / CacheSpec.LINE_BYTES;
        this.endOfLocalLines = endOfLocalHpa / CacheSpec.LINE_BYTES;
    }

    /** All memory is near. */
    public SocketCaches(CachesSpec spec) {
        this(spec, 0, Long.MAX_VALUE);
    }

    /** The caches of one more core of this socket. */
    public CoreCaches newCore() {
        return new CoreCaches(spec, this);
    }

    /** Number of the level that serves a line that the core's own do not. */
    int serve(long line) {
        if (l3.touch(line)) {
            return CoreCaches.L3;
        }
        return line >= firstLocalLine && line < endOfLocalLines ? CoreCaches.MEMORY : CoreCaches.REMOTE_MEMORY;
    }

    public void transfer(Snapshot snapshot) {
        l3.transfer(snapshot);
    }
}
