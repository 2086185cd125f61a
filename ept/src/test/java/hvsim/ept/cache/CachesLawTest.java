package hvsim.ept.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.tlb.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CachesLawTest {
    private static final int CORES = 3;
    private static final int REACH = 1 << 16;
    private static final long END_OF_LOCAL = REACH / 2;

    /** One reference. */
    private record Use(int core, boolean walk, boolean fetch, long hpa, int sizeBytes, boolean hypervisor) {
        static Use random(SplittableRandom random) {
            // mostly near where the stream is, so that lines come back
            long hpa = random.nextInt(4) == 0 ? random.nextInt(REACH) : random.nextInt(REACH / 16);
            return new Use(
                    random.nextInt(CORES),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    hpa,
                    1 + random.nextInt(80),
                    random.nextInt(8) == 0);
        }
    }

    /** Of the model. */
    private static final class Socket {
        final SocketCaches shared;
        final List<CoreCaches> cores = new ArrayList<>();

        Socket(CachesSpec spec) {
            shared = new SocketCaches(spec, 0, END_OF_LOCAL);
            for (int core = 0; core < CORES; core++) {
                cores.add(shared.newCore());
            }
        }

        int make(Use use) {
            CoreCaches core = cores.get(use.core());
            core.countForHypervisor(use.hypervisor());
            return use.walk() ? core.walk(use.hpa()) : core.access(use.fetch(), use.hpa(), use.sizeBytes());
        }

        void transfer(Snapshot snapshot) {
            shared.transfer(snapshot);
            cores.forEach(core -> core.transfer(snapshot));
        }

        byte[] save() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            transfer(Snapshot.savingTo(new DataOutputStream(bytes)));
            return bytes.toByteArray();
        }

        CacheStats stats() {
            return cores.stream().map(CoreCaches::stats).reduce(CacheStats.ZERO, CacheStats::plus);
        }
    }

    private static CacheSpec cache(SplittableRandom random, int mostSets, int hitCycles, boolean mayBeNone) {
        if (mayBeNone && random.nextInt(4) == 0) {
            return new CacheSpec(0, 1, hitCycles);
        }
        int ways = 1 + random.nextInt(5);
        return new CacheSpec(64L * ways * (1 + random.nextInt(mostSets)), ways, hitCycles);
    }

    private static CachesSpec spec(SplittableRandom random) {
        return new CachesSpec(
                true, cache(random, 9, 4, false), cache(random, 20, 14, true), cache(random, 60, 50, true), 200, 300);
    }

    private static int expected(NaiveHierarchy oracle, Use use) {
        if (use.walk()) {
            return oracle.read(use.core(), false, use.hpa());
        }
        int stall = 0;
        for (long line = use.hpa() / 64; line <= (use.hpa() + use.sizeBytes() - 1) / 64; line++) {
            stall += oracle.read(use.core(), use.fetch(), 64 * line) - 4;
        }
        return stall;
    }

    @Test
    void everyReferenceTakesWhatTheOracleSays() {
        for (int seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            CachesSpec spec = spec(random);
            Socket socket = new Socket(spec);
            NaiveHierarchy oracle = new NaiveHierarchy(spec, CORES, END_OF_LOCAL);
            for (int i = 0; i < 2000; i++) {
                Use use = Use.random(random);
                assertEquals(expected(oracle, use), socket.make(use), () -> spec + " " + use);
            }
        }
    }

    @Test
    void whatTheLevelsServeAddsUpToTheReferences() {
        SplittableRandom random = new SplittableRandom(1);
        Socket socket = new Socket(spec(random));
        long[] made = new long[4];
        for (int i = 0; i < 5000; i++) {
            Use use = Use.random(random);
            long lines = (use.hpa() + use.sizeBytes() - 1) / 64 - use.hpa() / 64 + 1;
            made[(use.hypervisor() ? 2 : 0) + (use.walk() ? 0 : 1)] += use.walk() ? 1 : lines;
            socket.make(use);
        }
        CacheStats stats = socket.stats();
        long[] served = {
            stats.walks().total(),
            stats.data().total(),
            stats.hypervisorWalks().total(),
            stats.hypervisorData().total()
        };
        assertArrayEquals(made, served);
    }

    @Test
    void aLoadedHierarchyGoesOnAsTheSavedOne() {
        for (int seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            CachesSpec spec = spec(random);
            Socket saved = new Socket(spec);
            for (int i = 0; i < 500; i++) {
                saved.make(Use.random(random));
            }
            Socket loaded = new Socket(spec);
            loaded.make(Use.random(random));
            assertNotEquals(saved.stats(), loaded.stats());
            loaded.transfer(Snapshot.loadingFrom(new DataInputStream(new ByteArrayInputStream(saved.save()))));
            for (int i = 0; i < 500; i++) {
                Use use = Use.random(random);
                assertEquals(saved.make(use), loaded.make(use));
            }
            assertEquals(saved.stats(), loaded.stats());
            assertArrayEquals(saved.save(), loaded.save());
        }
    }

    /** With the same sets, more ways keep what fewer keep: replacement by age is a stack algorithm. */
    @Test
    void moreWaysNeverLoseAHit() {
        for (int seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int sets = 1 + random.nextInt(30);
            List<LineCache> caches = new ArrayList<>();
            for (int ways = 1; ways <= 8; ways++) {
                caches.add(new LineCache(new CacheSpec(64L * sets * ways, ways, 0)));
            }
            for (int i = 0; i < 3000; i++) {
                long line = random.nextInt(random.nextBoolean() ? 40 : 400);
                boolean had = false;
                for (LineCache cache : caches) {
                    boolean has = cache.touch(line);
                    assertTrue(has || !had, "a cache with fewer ways has what this one has not");
                    had = has;
                }
            }
        }
    }

    /** The remainder is found without a division, up to the last line of 52 address bits. */
    @Test
    void anyNumberOfSetsIsPossible() {
        SplittableRandom random = new SplittableRandom(7);
        for (int sets : new int[] {1, 3, 7, 36_864, CacheSpec.MOST_SETS - 1, CacheSpec.MOST_SETS}) {
            CacheSpec spec = new CacheSpec(64L * sets, 1, 0);
            LineCache cache = new LineCache(spec);
            NaiveCache oracle = new NaiveCache(spec);
            for (int i = 0; i < 5000; i++) {
                long line = (1L << 46) - 1 - (long) sets * random.nextInt(3) - random.nextInt(100);
                assertEquals(oracle.touch(line), cache.touch(line));
            }
        }
    }
}
