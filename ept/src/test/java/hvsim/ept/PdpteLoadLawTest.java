package hvsim.ept;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** MOV to CR3 with PAE paging, from random tables through random second stages, against {@link Oracle}. */
class PdpteLoadLawTest {
    private static final int WORLDS = 100 / Integer.getInteger("hvsim.law.divisor", 1);
    private static final int LOADS_PER_WORLD = 50;

    @Test
    void loadsDoWhatTheManualSays() {
        run(WORLDS);
    }

    @Test
    @Tag("long")
    void manyLoadsDoWhatTheManualSays() {
        run(2_000);
    }

    private static void run(int worlds) {
        SplittableRandom seeds = new SplittableRandom(5);
        for (int i = 0; i < worlds; i++) {
            WalkWorld world = new WalkWorld(seeds.nextLong(), PagingMode.PAE, WalkSpec.UNCACHED);
            for (int load = 0; load < LOADS_PER_WORLD; load++) {
                world.vms[world.random.nextInt(RandomTables.VMS)].edit(new long[1]);
                world.enter(world.random.nextInt(RandomTables.VMS), world.random.nextInt(RandomTables.SPACES));
                world.comparePdptes();
                world.compareState(0, Access.USER_READ);
                world.emptyLog(world.random.nextInt(600));
            }
        }
    }
}
