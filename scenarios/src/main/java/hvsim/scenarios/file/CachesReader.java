package hvsim.scenarios.file;

import hvsim.ept.cache.CacheSpec;
import hvsim.scenarios.file.CachesConfig.CacheConfig;

/** Reads {@code machine.caches}. */
final class CachesReader {
    private static final int MOST_WAYS = 1024;
    private static final CacheConfig NONE = new CacheConfig(new Bytes(0), 1, 0);

    private CachesReader() {}

    /** @param used whether walks meet the caches; else none needs to be given */
    static CachesConfig read(Section caches, boolean used) {
        CacheHolds holds = caches.value("holds", CacheHolds.WALKS, Kind.choice(CacheHolds.class));
        CacheConfig l1 = cache(caches, "l1", used, CacheSpec.LINE_BYTES);
        CacheConfig l2 = cache(caches, "l2", used, 0);
        CacheConfig l3 = cache(caches, "l3", used, 0);
        caches.close();
        return new CachesConfig(holds, l1, l2, l3);
    }

    private static CacheConfig cache(Section caches, String level, boolean used, long smallest) {
        if (!used && !caches.has(level)) {
            return NONE;
        }
        Section cache = caches.section(level);
        Bytes size = cache.required(
                "size", new Bytes(smallest), Kind.bytes(smallest, CacheSpec.MOST_BYTES, CacheSpec.LINE_BYTES));
        int ways = cache.required("ways", 1, Kind.count(1, MOST_WAYS));
        int hitCycles = cache.required("hit_cycles", 0, Kind.count(0, 10_000));
        if (cache.isSound() && size.bytes() > 0 && !CacheSpec.isWhole(size.bytes(), ways)) {
            long lines = size.bytes() / CacheSpec.LINE_BYTES;
            cache.fault(
                    "size",
                    Text.grouped(lines) + " lines in " + ways + " ways is no whole number of sets",
                    "a multiple of " + new Bytes((long) ways * CacheSpec.LINE_BYTES) + ", at most "
                            + Text.grouped(CacheSpec.MOST_SETS) + " sets");
        }
        cache.close();
        return new CacheConfig(size, ways, hitCycles);
    }
}
