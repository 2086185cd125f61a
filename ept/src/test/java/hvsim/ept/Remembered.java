package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.tlb.Front;
import hvsim.tlb.Invalidation;
import hvsim.tlb.PageSize;
import hvsim.tlb.SetIndex;
import hvsim.tlb.Tlb;
import hvsim.tlb.TlbSpec;
import hvsim.tlb.TlbTag;
import hvsim.tlb.Translation;
import java.util.EnumSet;
import java.util.List;

/**
 * All that one processor remembers, each kind in stores of its own that are never full, so that every entry can be
 * asked for by itself.
 */
final class Remembered {
    private static final int ENTRIES = 1024;

    /** A VPID and a PCID of which nothing is remembered. */
    private static final int UNUSED = 7;

    private final TlbTag tags = new TlbTag();
    private final Tlb firstLevel;
    private final Tlb secondLevel;
    private final WalkCaches[] structures = {
        new WalkCaches(new WalkSpec(only(0), only(0), ENTRIES)),
        new WalkCaches(new WalkSpec(only(1), only(1), 0)),
        new WalkCaches(new WalkSpec(only(2), only(2), 0)),
        new WalkCaches(new WalkSpec(only(3), only(3), 0)),
    };

    Remembered(boolean fractureFlush) {
        firstLevel = new Tlb(new TlbSpec(
                List.of(part("itlb", 1, TlbSpec.Holds.FETCH), part("dtlb", 1, TlbSpec.Holds.DATA)), fractureFlush));
        secondLevel = new Tlb(new TlbSpec(List.of(part("stlb", 2, TlbSpec.Holds.ALL)), fractureFlush));
    }

    private static WalkSpec.StructureCache only(int level) {
        return new WalkSpec.StructureCache(
                level == 3 ? ENTRIES : 0, level == 2 ? ENTRIES : 0, level == 1 ? ENTRIES : 0);
    }

    private static TlbSpec.Part part(String name, int level, TlbSpec.Holds holds) {
        return new TlbSpec.Part(
                name, level, holds, EnumSet.allOf(PageSize.class), ENTRIES, ENTRIES, SetIndex.MASK, level == 1 ? 0 : 7);
    }

    void put(Cached c) {
        if (c.kind() == Cached.Kind.GUEST_PHYSICAL) {
            putGuestPhysical(c);
        } else if (c.isStructure()) {
            structures[c.structureLevel()].guest.insert(c.address(), c.structureLevel(), tag(c), 0x5000);
        } else {
            int cut = c.size() == c.guestPage() ? 0 : Translation.cutFrom(c.guestPage());
            int flags = Translation.USER | cut | (c.global() ? Translation.GLOBAL : 0);
            long translation = Translation.pack(0, c.size(), flags);
            enter(c);
            firstLevel.fill(Tlb.FETCH_SIDE, c.address(), translation);
            firstLevel.fill(Tlb.DATA_SIDE, c.address(), translation);
            secondLevel.fill(Tlb.DATA_SIDE, c.address(), translation);
        }
    }

    /** Frames are pieces of large pages of the second stage. */
    private void putGuestPhysical(Cached c) {
        if (c.isStructure()) {
            structures[c.structureLevel()].secondStage.insert(c.address(), c.structureLevel(), tag(c), 0x5000);
        } else {
            structures[0].nestedTlb.insert(
                    SecondStageMapping.key(c.address(), tag(c)),
                    SecondStageMapping.pack(0x5000, 2, Translation.HOST_READ));
        }
    }

    boolean has(Cached c) {
        WalkCaches s = structures[c.structureLevel()];
        if (c.kind() == Cached.Kind.GUEST_PHYSICAL && !c.isStructure()) {
            return s.nestedTlb.find(SecondStageMapping.key(c.address(), tag(c))) >= 0;
        }
        if (c.isStructure()) {
            StructureCaches caches = c.kind() == Cached.Kind.GUEST_PHYSICAL ? s.secondStage : s.guest;
            return caches.deepest(c.address(), tag(c), PageTable.LEVELS) == c.structureLevel();
        }
        enter(c);
        boolean has = has(secondLevel, Tlb.DATA_SIDE, c);
        assertEquals(has, has(firstLevel, Tlb.DATA_SIDE, c), () -> "the levels differ: " + c);
        assertEquals(has, has(firstLevel, Tlb.FETCH_SIDE, c), () -> "the sides differ: " + c);
        return has;
    }

    /** As the core asks: the front, and if that does not know, the levels. */
    private static boolean has(Tlb tlb, int side, Cached c) {
        Front front = tlb.front();
        return front.keys()[Front.index(side, c.address())] == (c.address() >>> 12 << Front.PAGE_SHIFT | front.tag())
                || tlb.lookup(side, c.address()) != Translation.NONE;
    }

    void invalidate(Invalidation invalidation) {
        firstLevel.invalidate(invalidation, tags);
        secondLevel.invalidate(invalidation, tags);
        for (WalkCaches s : structures) {
            s.invalidate(invalidation, tags);
        }
    }

    /** A space in which nothing but that entry's own kind, global or not, can be found. */
    private void enter(Cached c) {
        int plain = c.global() ? tags.of(c.vpid(), UNUSED, c.ep4ta()) : tag(c);
        int global = c.global() ? tag(c) : tags.of(UNUSED, TlbTag.GLOBAL, c.ep4ta());
        firstLevel.enter(plain, global);
        secondLevel.enter(plain, global);
    }

    private int tag(Cached c) {
        return c.kind() == Cached.Kind.GUEST_PHYSICAL
                ? tags.ofGuestPhysical(c.ep4ta())
                : tags.of(c.vpid(), c.pcid(), c.ep4ta());
    }
}
