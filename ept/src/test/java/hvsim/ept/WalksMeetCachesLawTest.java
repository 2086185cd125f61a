package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.ept.cache.CacheSpec;
import hvsim.ept.cache.CachesSpec;
import hvsim.ept.cache.CoreCaches;
import hvsim.ept.cache.SocketCaches;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Walks of random tables in a memory hierarchy: the same walks as without one; every reference that is counted was
 * served once, in the order of the walk, and its latency is paid by the stage whose entry it read.
 */
class WalksMeetCachesLawTest {
    private static final int WORLDS = 60;
    private static final int WALKS = 60;
    private static final CachesSpec SPEC = new CachesSpec(
            false, new CacheSpec(512, 2, 4), new CacheSpec(2048, 4, 14), new CacheSpec(0, 1, 0), 190, 190);
    private static final WalkSpec.StructureCache FEW = new WalkSpec.StructureCache(1, 1, 2, 3);
    private static final WalkSpec CACHED = new WalkSpec(FEW, FEW, 3);

    /** The same hierarchy, told of the same addresses by the test. */
    private final CoreCaches oracle = new SocketCaches(SPEC).newCore();

    private int told;

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void everyReferenceIsServedOnceAndPaidByItsStage(PagingMode mode) {
        SplittableRandom seeds = new SplittableRandom(mode.ordinal());
        CoreCaches hierarchy = new SocketCaches(SPEC).newCore();
        long references = 0;
        for (int i = 0; i < WORLDS; i++) {
            long seed = seeds.nextLong();
            WalkSpec spec = i % 2 == 0 ? CACHED : WalkSpec.UNCACHED;
            WalkJournal journal = WalkJournal.writing();
            WalkWorld world = new WalkWorld(seed, mode, spec, journal, hierarchy);
            live(world, new WalkWorld(seed, mode, spec), journal);
            WalkStats stats = world.walker.stats();
            references += stats.guestReferences() + stats.secondStageReferences();
        }
        assertEquals(references, hierarchy.stats().walks().total());
        assertEquals(oracle.stats(), hierarchy.stats());
    }

    private void live(WalkWorld world, WalkWorld plain, WalkJournal journal) {
        told = 0;
        for (int i = 0; i < WALKS; i++) {
            long gva = gva(world);
            assertEquals(gva, gva(plain));
            Access access = Access.random(world.random);
            assertEquals(access, Access.random(plain.random));
            Walk walk = new Walk();
            world.walker.walk(gva, access.kind(), access.rights(world.setting.registers()), walk);
            assertEquals(plain.walk(gva, access), Seen.of(walk, gva), () -> world.told(gva, access));
            paid(journal.steps(), walk);
        }
        assertEquals(plain.walker.stats(), world.walker.stats());
    }

    private static long gva(WalkWorld world) {
        if (world.random.nextInt(4) == 0) {
            world.enter(world.random.nextInt(RandomTables.VMS), world.random.nextInt(RandomTables.SPACES));
        }
        return world.vms[world.vm].gva();
    }

    private void paid(List<WalkJournal.Step> steps, Walk walk) {
        long guest = 0;
        long secondStage = 0;
        for (; told < steps.size(); told++) {
            WalkJournal.Step step = steps.get(told);
            switch (step.kind()) {
                case GUEST -> guest += oracle.walk(step.hpa());
                case SECOND_STAGE -> secondStage += oracle.walk(step.hpa());
                case NESTED_TLB -> {}
            }
        }
        assertEquals(guest, walk.guestCycles());
        assertEquals(secondStage, walk.secondStageCycles());
    }
}
