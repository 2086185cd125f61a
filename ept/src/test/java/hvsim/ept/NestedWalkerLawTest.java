package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Walks of random tables, with entries of every kind of deviation, against {@link Oracle}: outcome, error code or
 * qualification, translation, references, and every entry in memory afterwards.
 */
class NestedWalkerLawTest {
    private static final int WALKS = 4_000 / Integer.getInteger("hvsim.law.divisor", 1);
    private static final int WALKS_PER_WORLD = 60;

    /** Looking through all of a memory takes as long as thousands of walks. */
    private static final int WALKS_PER_COMPARED_MEMORY = 20 * WALKS_PER_WORLD;

    private static final WalkSpec.StructureCache FEW = new WalkSpec.StructureCache(1, 1, 2, 3);
    private static final WalkSpec.StructureCache MANY = new WalkSpec.StructureCache(2, 2, 4, 32);
    private static final WalkSpec.StructureCache NONE = new WalkSpec.StructureCache(0, 0, 0);
    private static final WalkSpec[] CACHES = {
        new WalkSpec(MANY, MANY, 16),
        new WalkSpec(FEW, NONE, 0),
        new WalkSpec(NONE, FEW, 0),
        new WalkSpec(NONE, NONE, 5),
        new WalkSpec(FEW, FEW, 3),
        new WalkSpec(new WalkSpec.StructureCache(0, 3, 0), new WalkSpec.StructureCache(2, 0, 3), 40)
    };

    private final Map<String, Integer> outcomes = new TreeMap<>();

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void uncachedWalksDoWhatTheManualSays(PagingMode mode) {
        run(mode, WALKS, 1, false);
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void cachedWalksEndAsUncachedOnesDoWhileEveryEditIsFollowedByItsInvalidation(PagingMode mode) {
        run(mode, WALKS, 2, true);
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    @Tag("long")
    void manyUncachedWalksDoWhatTheManualSays(PagingMode mode) {
        run(mode, 250_000, 3, false);
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    @Tag("long")
    void manyCachedWalksEndAsUncachedOnesDo(PagingMode mode) {
        run(mode, 250_000, 4, true);
    }

    private void run(PagingMode mode, int walks, long seed, boolean cached) {
        SplittableRandom seeds = new SplittableRandom(seed << 8 | mode.ordinal());
        for (int done = 0; done < walks; done += WALKS_PER_WORLD) {
            WalkSpec spec = cached ? CACHES[seeds.nextInt(CACHES.length)] : WalkSpec.UNCACHED;
            WalkWorld world = new WalkWorld(seeds.nextLong(), mode, spec);
            live(world, cached);
            if (done % WALKS_PER_COMPARED_MEMORY == 0) {
                world.compareMemory();
            }
        }
        assertAllWereMet(mode, walks);
    }

    private void assertAllWereMet(PagingMode mode, int walks) {
        assertMet("TRANSLATED", walks / 5);
        assertMet("EPT_VIOLATION", walks / 200);
        assertMet("EPT_MISCONFIGURATION", walks / 200);
        assertMet("PML_FULL", walks / 1000);
        assertMet("PAGE_FAULT", mode == PagingMode.OFF ? 0 : walks / 200);
        assertMet("NON_CANONICAL", mode == PagingMode.FOUR_LEVEL ? walks / 200 : 0);
    }

    private void assertMet(String outcome, int times) {
        assertTrue(outcomes.getOrDefault(outcome, 0) >= times, outcomes::toString);
    }

    private void live(WalkWorld world, boolean cached) {
        SplittableRandom random = world.random;
        for (int edits = random.nextInt(12); edits > 0; edits--) {
            edit(world);
        }
        for (int i = 0; i < WALKS_PER_WORLD; i++) {
            if (random.nextInt(3) == 0) {
                edit(world);
            }
            if (random.nextInt(4) == 0) {
                world.enter(random.nextInt(RandomTables.VMS), random.nextInt(RandomTables.SPACES));
            }
            world.modify();
            walk(world, world.vms[world.vm].gva(), Access.random(random), cached);
        }
    }

    /** Software follows its edit with what the manual asks for (4.10.4.2, 28.3.3.4): nothing if nothing was present. */
    private static void edit(WalkWorld world) {
        int number = world.random.nextInt(RandomTables.VMS);
        if (world.vms[number].slots.isEmpty()) {
            return;
        }
        if (world.random.nextInt(40) == 0) {
            world.vms[number].repair();
            world.caches.clear();
            return;
        }
        long[] before = new long[1];
        Slot slot = world.vms[number].edit(before);
        if (world.isPresent(slot, before[0])) {
            world.caches.invalidate(slot.guest() ? world.invlpg(number, slot) : world.invept(number), world.tags);
        }
    }

    private void walk(WalkWorld world, long gva, Access access, boolean cached) {
        WalkStats before = world.walker.stats();
        Seen expected = world.expected(gva, access);
        Seen actual = world.walk(gva, access);
        outcomes.merge(actual.outcome(), 1, Integer::sum);
        // a frame remembered before another frame's write set the D flag that they share may be without it
        if (!(cached ? actual.byAnyPath().isLate(expected) : expected.equals(actual))) {
            assertEquals(expected.toString(), actual.toString(), () -> world.told(gva, access));
        }
        compareReferences(expected, actual, world.walker.stats().minus(before));
        world.compareState(gva, access);
        if (actual.outcome().equals("PML_FULL") || world.random.nextInt(20) == 0) {
            world.emptyLog(world.random.nextInt(3) == 0 ? world.random.nextInt(1 << 16) : world.random.nextInt(3));
        }
    }

    private static void compareReferences(Seen expected, Seen actual, WalkStats counted) {
        boolean translated = actual.outcome().equals("TRANSLATED");
        assertEquals(actual.guestReferences(), counted.guestReferences());
        assertEquals(actual.secondStageReferences(), counted.secondStageReferences());
        assertEquals(translated ? 1 : 0, counted.translated());
        assertEquals(1, counted.translated() + counted.stopped());
        if (translated) {
            long read = (long) actual.guestReferences() + actual.secondStageReferences();
            long saved = counted.savedByGuestCache() + counted.savedByNestedTlb() + counted.savedBySecondStageCache();
            assertEquals(expected.guestReferences() + expected.secondStageReferences(), read + saved);
        }
    }
}
