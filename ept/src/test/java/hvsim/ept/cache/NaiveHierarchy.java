package hvsim.ept.cache;

import java.util.ArrayList;
import java.util.List;

/** The oracle of a socket with several cores: levels are asked one after the other. */
final class NaiveHierarchy {
    private final CachesSpec spec;
    private final long endOfLocal;
    private final NaiveCache l3;
    private final List<Core> cores = new ArrayList<>();

    private static final class Core {
        final NaiveCache data;
        final NaiveCache fetches;
        final NaiveCache l2;

        Core(CachesSpec spec) {
            data = new NaiveCache(spec.l1());
            fetches = new NaiveCache(spec.l1());
            l2 = new NaiveCache(spec.l2());
        }
    }

    NaiveHierarchy(CachesSpec spec, int coreCount, long endOfLocal) {
        this.spec = spec;
        this.endOfLocal = endOfLocal;
        l3 = new NaiveCache(spec.l3());
        for (int core = 0; core < coreCount; core++) {
            cores.add(new Core(spec));
        }
    }

    /** Latency. */
    int read(int core, boolean fetch, long hpa) {
        Core c = cores.get(core);
        long line = hpa / 64;
        if ((fetch ? c.fetches : c.data).touch(line)) {
            return spec.l1().hitCycles();
        }
        if (c.l2.touch(line)) {
            return spec.l2().hitCycles();
        }
        if (l3.touch(line)) {
            return spec.l3().hitCycles();
        }
        return hpa < endOfLocal ? spec.memoryCycles() : spec.remoteMemoryCycles();
    }
}
