package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Nobody can see that recent paths are remembered: two second stages make the same walks of the same random tables, one
 * with a journal, which reads every entry.
 */
class RecentPathsLawTest {
    private static final int WORLDS = 40 / Integer.getInteger("hvsim.law.divisor", 1);
    private static final int WALKS = 500;

    private final SplittableRandom random = new SplittableRandom(5);

    @Test
    void walksAreTheSameWithAndWithoutThem() {
        for (int world = 0; world < WORLDS; world++) {
            long seed = random.nextLong();
            int levels = 4 + world % 2;
            EptTables recent = new EptTables(levels);
            EptTables complete = new EptTables(levels, WalkSpec.UNCACHED, PagingCapability.ALL, WalkJournal.writing());
            assertEquals(run(complete, new SplittableRandom(seed)), run(recent, new SplittableRandom(seed)));
        }
    }

    private static String run(EptTables t, SplittableRandom r) {
        long[] gpas = new long[12];
        for (int i = 0; i < gpas.length; i++) {
            gpas[i] = (i == 0 ? r.nextLong(1L << 47) : gpas[r.nextInt(i)]) ^ r.nextLong(1L << 12 + 9 * r.nextInt(4));
            t.map(gpas[i], 1);
        }
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < WALKS; i++) {
            long gpa = gpas[r.nextInt(gpas.length)];
            int step = r.nextInt(100);
            if (step < 2) {
                t.enter(r.nextBoolean(), r.nextBoolean());
            } else if (step < 4) {
                t.clear(gpa, 1 + r.nextInt(4), 1L << r.nextInt(11));
            } else if (step < 8) {
                t.set(gpa, 1 + r.nextInt(4), 7 | 1 << 10);
            }
            long mapping = t.data(gpa, Access.random(r), r.nextInt(16));
            seen.append(mapping).append(t.walk.outcome()).append(t.walk.secondStageReferences());
            if (mapping == SecondStageMapping.NONE) {
                seen.append(t.walk.qualification()).append(t.walk.stopCause()).append(t.walk.stopLevel());
            }
            seen.append(t.entry(gpa, 1)).append(t.entry(gpa, 2)).append('\n');
        }
        return seen.toString();
    }
}
