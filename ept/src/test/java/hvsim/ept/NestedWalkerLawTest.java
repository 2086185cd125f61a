package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.tlb.Invalidation;
import hvsim.tlb.TlbTag;
import hvsim.tlb.Translation;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Walks of random tables, with entries of every kind of deviation, against {@link NaiveWalker}: outcome, error code or
 * qualification, translation, references, and every entry in memory afterwards.
 */
class NestedWalkerLawTest {
    private static final int WALKS_PER_WORLD = 60;
    private static final WalkSpec.StructureCache FEW = new WalkSpec.StructureCache(1, 2, 3);
    private static final WalkSpec.StructureCache MANY = new WalkSpec.StructureCache(2, 4, 32);
    private static final WalkSpec.StructureCache NONE = new WalkSpec.StructureCache(0, 0, 0);
    private static final WalkSpec[] CACHES = {
        new WalkSpec(MANY, MANY, 16),
        new WalkSpec(FEW, NONE, 0),
        new WalkSpec(NONE, FEW, 0),
        new WalkSpec(NONE, NONE, 5),
        new WalkSpec(FEW, FEW, 3),
        new WalkSpec(new WalkSpec.StructureCache(0, 3, 0), new WalkSpec.StructureCache(2, 0, 3), 40)
    };

    private final Map<WalkOutcome, Integer> outcomes = new EnumMap<>(WalkOutcome.class);
    private SplittableRandom random;
    private Map<Long, Long> oracle;
    private PhysicalMemory memory;
    private RandomTables[] vms;
    private boolean nested;
    private boolean accessedDirty;
    private TlbTag tags;
    private WalkCaches caches;
    private boolean cached;
    private NestedWalker walker;
    private int vm;
    private int space;

    @Test
    void uncachedWalksDoWhatTheManualSays() {
        run(20_000, 1, false);
    }

    @Test
    void cachedWalksEndAsUncachedOnesDoWhileEveryEditIsFollowedByItsInvalidation() {
        run(20_000, 2, true);
    }

    @Test
    @Tag("long")
    void aMillionUncachedWalksDoWhatTheManualSays() {
        run(1_000_000, 3, false);
    }

    @Test
    @Tag("long")
    void aMillionCachedWalksEndAsUncachedOnesDo() {
        run(1_000_000, 4, true);
    }

    private void run(int walks, long seed, boolean withCaches) {
        random = new SplittableRandom(seed);
        cached = withCaches;
        for (int i = 0; i < walks; i++) {
            if (i % WALKS_PER_WORLD == 0) {
                newWorld();
            }
            if (random.nextInt(3) == 0) {
                edit();
            }
            if (random.nextInt(4) == 0) {
                vm = random.nextInt(vms.length);
                space = random.nextInt(2);
                enter();
            }
            walk(vms[vm].gva(), Access.random(random));
        }
        for (WalkOutcome outcome : EnumSet.range(WalkOutcome.TRANSLATED, WalkOutcome.EPT_MISCONFIGURATION)) {
            assertTrue(outcomes.getOrDefault(outcome, 0) > walks / 200, outcomes::toString);
        }
    }

    private void newWorld() {
        oracle = new HashMap<>();
        memory = new PhysicalMemory(2 * RandomTables.BYTES);
        nested = random.nextInt(5) > 0;
        accessedDirty = nested && random.nextBoolean();
        vms = new RandomTables[2];
        for (int i = 0; i < 2; i++) {
            vms[i] = new RandomTables(memory, oracle, random, i * RandomTables.BYTES, nested);
        }
        tags = new TlbTag();
        caches = new WalkCaches(cached ? CACHES[random.nextInt(CACHES.length)] : WalkSpec.UNCACHED);
        walker = new NestedWalker(memory, caches);
        vm = 0;
        space = 0;
        enter();
        for (int edits = random.nextInt(12); edits > 0; edits--) {
            edit();
        }
    }

    private void enter() {
        RandomTables t = vms[vm];
        int tag = tags.of(vpid(), space, nested ? t.eptRoot : TlbTag.NO_EP4TA);
        if (nested) {
            walker.enterNested(
                    TwoStages.LONG,
                    t.cr3[space],
                    TwoStages.NO_PDPTES,
                    tag,
                    EptPointer.pack(t.eptRoot, 4, accessedDirty),
                    false,
                    tags.ofGuestPhysical(t.eptRoot));
        } else {
            walker.enterNative(TwoStages.LONG, t.cr3[space], TwoStages.NO_PDPTES, tag);
        }
    }

    /** With EPT, two guests may share a VPID. */
    private int vpid() {
        return nested ? 1 : vm;
    }

    /** Software follows its edit with what the manual asks for (4.10.4.2, 28.3.3.4): nothing if nothing was present. */
    private void edit() {
        RandomTables t = vms[random.nextInt(2)];
        if (random.nextInt(40) == 0) {
            t.repair();
            caches.invalidate(Invalidation.reset(), tags);
            return;
        }
        long[] before = new long[1];
        RandomTables.Slot slot = t.edit(before);
        int number = t == vms[0] ? 0 : 1;
        if (slot.guest() && (before[0] & 1) != 0) {
            caches.invalidate(Invalidation.invlpg(nested ? 1 : number, slot.space(), 0x1000), tags);
        } else if (!slot.guest() && (before[0] & 7) != 0) {
            caches.invalidate(Invalidation.inveptContext(t.eptRoot), tags);
        }
    }

    private void walk(long gva, Access access) {
        RandomTables t = vms[vm];
        NaiveWalker naive = new NaiveWalker(oracle, t.cr3[space], t.eptRoot, accessedDirty);
        WalkStats before = walker.stats();
        Walk walk = new Walk();
        boolean done = walker.walk(gva, access.need(), 0, access.fault(), walk);
        try {
            NaiveWalker.First expected = naive.walk(gva, access);
            assertTrue(done, () -> walk.outcome() + " " + access);
            compareTranslation(gva, expected, walk);
        } catch (NaiveWalker.Stop stop) {
            compareStop(gva, access, stop, walk);
        }
        assertEquals(done, walk.outcome() == WalkOutcome.TRANSLATED);
        outcomes.merge(walk.outcome(), 1, Integer::sum);
        compareReferences(naive, walk, walker.stats().minus(before));
        for (RandomTables.Slot slot : t.slots) {
            assertEquals(oracle.get(slot.hpa()), memory.read(slot.hpa()), slot::toString);
        }
    }

    private void compareTranslation(long gva, NaiveWalker.First e, Walk walk) {
        assertEquals(WalkOutcome.TRANSLATED, walk.outcome());
        long t = walk.translation();
        assertEquals(e.hpa(), Translation.hpa(t, gva));
        assertEquals(
                Math.min(e.guestLevel(), e.hostLevel()), Translation.size(t).leafLevel());
        int flags = flag(e.user(), Translation.USER)
                | flag(!e.user(), Translation.SUPERVISOR)
                | flag(e.write(), Translation.GUEST_WRITE)
                | flag(e.execute(), Translation.GUEST_EXECUTE)
                | flag((e.host().rights() & 1) != 0, Translation.HOST_READ)
                | flag((e.host().rights() & 2) != 0, Translation.HOST_WRITE)
                | flag((e.host().rights() & 4) != 0, Translation.HOST_EXECUTE)
                | flag(e.dirty(), Translation.DIRTY)
                | flag(e.host().dirty(), Translation.HOST_DIRTY)
                | flag(e.global(), Translation.GLOBAL);
        // a frame remembered before another frame's write set the D flag that they share may be without it
        int late = cached ? flags & Translation.HOST_DIRTY : 0;
        assertEquals(flags, Translation.flags(t) & ~Translation.CUT | late);
        int cut = e.hostLevel() < e.guestLevel() ? e.guestLevel() - 1 : 0;
        assertEquals(cut, (Translation.flags(t) & Translation.CUT) >> 10);
    }

    private static int flag(boolean set, int flag) {
        return set ? flag : 0;
    }

    private static void compareStop(long gva, Access access, NaiveWalker.Stop stop, Walk walk) {
        assertEquals(stop.outcome, walk.outcome(), () -> Long.toHexString(gva) + " " + access);
        if (stop.outcome == WalkOutcome.PAGE_FAULT) {
            assertEquals(stop.errorCode, walk.errorCode(), access::toString);
        }
        if (stop.outcome == WalkOutcome.EPT_VIOLATION) {
            assertEquals(
                    Long.toHexString(stop.qualification), Long.toHexString(walk.qualification()), access::toString);
        }
        if (stop.outcome == WalkOutcome.EPT_VIOLATION || stop.outcome == WalkOutcome.EPT_MISCONFIGURATION) {
            assertEquals(stop.gpa, walk.gpa());
        }
    }

    private void compareReferences(NaiveWalker naive, Walk walk, WalkStats counted) {
        assertEquals(walk.guestReferences(), counted.guestReferences());
        assertEquals(walk.secondStageReferences(), counted.secondStageReferences());
        assertEquals(walk.outcome() == WalkOutcome.TRANSLATED ? 1 : 0, counted.translated());
        assertEquals(1, counted.translated() + counted.stopped());
        if (!cached) {
            assertEquals(naive.guestReferences, walk.guestReferences());
            assertEquals(naive.secondStageReferences, walk.secondStageReferences());
        }
        if (walk.outcome() == WalkOutcome.TRANSLATED) {
            long read = (long) walk.guestReferences() + walk.secondStageReferences();
            long saved = counted.savedByGuestCache() + counted.savedByNestedTlb() + counted.savedBySecondStageCache();
            assertEquals(naive.guestReferences + naive.secondStageReferences, read + saved);
        }
    }
}
