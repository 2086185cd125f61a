package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.tlb.Invalidation;
import hvsim.tlb.PageSize;
import hvsim.tlb.SetIndex;
import hvsim.tlb.Tlb;
import hvsim.tlb.TlbSpec;
import hvsim.tlb.TlbTag;
import hvsim.tlb.Translation;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * TLBs and walks together: while software follows each edit with what the manual asks for, and with no more, an access
 * ends as a walk without any memory of earlier ones would. Asked for is nothing where nothing was present or where
 * rights only grow: then one fault may be spurious, which itself drops what was out of date (SDM vol. 3, 325384-059US,
 * 4.10.4.2, 4.10.4.3 and 28.3.3.4).
 */
class RememberedAccessLawTest {
    private static final int ACCESSES_PER_WORLD = 100;
    private static final WalkSpec.StructureCache CACHE = new WalkSpec.StructureCache(2, 3, 6);
    private static final int VPID = 1;

    private SplittableRandom random;
    private Map<Long, Long> oracle;
    private RandomTables[] vms;
    private boolean nested;
    private boolean accessedDirty;
    private TlbTag tags;
    private Tlb tlb;
    private WalkCaches caches;
    private NestedWalker walker;
    private int vm;
    private int hits;
    private int spurious;

    @Test
    void anAccessEndsAsAFreshWalkWould() {
        run(20_000, 1);
    }

    @Test
    @Tag("long")
    void aMillionAccessesEndAsFreshWalksWould() {
        run(1_000_000, 2);
    }

    private void run(int accesses, long seed) {
        random = new SplittableRandom(seed);
        for (int i = 0; i < accesses; i++) {
            if (i % ACCESSES_PER_WORLD == 0) {
                newWorld();
            }
            if (random.nextInt(5) == 0) {
                edit();
            }
            if (random.nextInt(20) == 0) {
                vm = random.nextInt(2);
                enter();
            }
            access(vms[vm].gva(), Access.random(random).onUserPagesToo());
        }
        assertTrue(hits > accesses / 5, () -> hits + " hits");
        assertTrue(spurious > 0, "no spurious fault was met");
    }

    private void newWorld() {
        oracle = new HashMap<>();
        PhysicalMemory memory = new PhysicalMemory(2 * RandomTables.BYTES);
        nested = random.nextInt(4) > 0;
        accessedDirty = nested && random.nextBoolean();
        vms = new RandomTables[2];
        for (int i = 0; i < 2; i++) {
            vms[i] = new RandomTables(memory, oracle, random, i * RandomTables.BYTES, nested);
        }
        tags = new TlbTag();
        tlb = new Tlb(new TlbSpec(
                List.of(
                        part("itlb", 1, TlbSpec.Holds.FETCH),
                        part("dtlb", 1, TlbSpec.Holds.DATA),
                        part("stlb", 2, TlbSpec.Holds.ALL)),
                random.nextBoolean()));
        caches = new WalkCaches(new WalkSpec(CACHE, CACHE, random.nextInt(20)));
        walker = new NestedWalker(memory, caches);
        vm = 0;
        enter();
    }

    private static TlbSpec.Part part(String name, int level, TlbSpec.Holds holds) {
        int entries = 8 * level;
        return new TlbSpec.Part(
                name, level, holds, EnumSet.allOf(PageSize.class), entries, 4, SetIndex.MASK, 7 * (level - 1));
    }

    /** With EPT the two guests share VPID and PCID, as they may; else they have a VPID each. */
    private int vpid(int number) {
        return nested ? VPID : number;
    }

    private void enter() {
        RandomTables t = vms[vm];
        long ep4ta = nested ? t.eptRoot : TlbTag.NO_EP4TA;
        int tag = tags.of(vpid(vm), 0, ep4ta);
        tlb.enter(tag, tags.of(vpid(vm), TlbTag.GLOBAL, ep4ta));
        if (nested) {
            walker.enterNested(
                    TwoStages.LONG,
                    t.cr3[0],
                    TwoStages.NO_PDPTES,
                    tag,
                    EptPointer.pack(ep4ta, 4, accessedDirty),
                    false,
                    tags.ofGuestPhysical(ep4ta));
        } else {
            walker.enterNative(TwoStages.LONG, t.cr3[0], TwoStages.NO_PDPTES, tag);
        }
    }

    private void edit() {
        int number = random.nextInt(2);
        RandomTables t = vms[number];
        long[] before = new long[1];
        RandomTables.Slot slot = t.edit(before);
        long after = oracle.get(slot.hpa());
        if (slot.space() != 0) {
            return;
        }
        if (slot.guest()) {
            if ((before[0] & 1) != 0 && !onlyGrows(before[0] ^ 1L << 63, after ^ 1L << 63, 6 | 1L << 63)) {
                drop(
                        slot.leaf()
                                ? Invalidation.invlpg(vpid(number), 0, slot.address())
                                : Invalidation.controlRegister(vpid(number)));
            }
        } else if ((before[0] & 7) != 0 && !onlyGrows(before[0], after, 7)) {
            drop(Invalidation.inveptContext(t.eptRoot));
        }
    }

    private static boolean onlyGrows(long before, long after, long rights) {
        return (before & ~rights) == (after & ~rights) && (before & ~after & rights) == 0;
    }

    private void drop(Invalidation invalidation) {
        tlb.invalidate(invalidation, tags);
        caches.invalidate(invalidation, tags);
    }

    private void access(long gva, Access access) {
        RandomTables t = vms[vm];
        String expected = fresh(new NaiveWalker(oracle, t.cr3[0], t.eptRoot, accessedDirty), gva, access);
        String actual = remembered(gva, access);
        for (int tries = 0; !expected.equals(actual) && tries < 4; tries++) {
            spurious++;
            actual = remembered(gva, access);
        }
        assertEquals(expected, actual, () -> Long.toHexString(gva) + " " + access);
    }

    private static String fresh(NaiveWalker naive, long gva, Access access) {
        try {
            return Long.toHexString(naive.walk(gva, access).hpa());
        } catch (NaiveWalker.Stop stop) {
            return switch (stop.outcome) {
                case PAGE_FAULT -> "#PF " + stop.errorCode;
                case EPT_VIOLATION -> "violation " + stop.gpa + " " + stop.qualification;
                case EPT_MISCONFIGURATION -> "misconfiguration " + stop.gpa;
                case NON_CANONICAL, RESERVED_PDPTE, TRANSLATED, PML_FULL, SPP_MISS, SPP_MISCONFIGURATION ->
                    stop.outcome.name();
            };
        }
    }

    /** As a core does: the TLB, if it grants all that is needed; else a walk, and what a fault drops. */
    private String remembered(long gva, Access access) {
        int side = access.fetch() ? Tlb.FETCH_SIDE : Tlb.DATA_SIDE;
        long found = tlb.lookup(side, gva);
        if (found != Translation.NONE && (found & access.need()) == access.need()) {
            hits++;
            return Long.toHexString(Translation.hpa(found, gva));
        }
        if (found != Translation.NONE) {
            tlb.dropPage(gva);
        }
        Walk walk = new Walk();
        if (walker.walk(gva, access.need(), 0, access.fault(), walk)) {
            tlb.fill(side, gva, walk.translation());
        }
        return switch (walk.outcome()) {
            case TRANSLATED -> Long.toHexString(Translation.hpa(walk.translation(), gva));
            case NON_CANONICAL, RESERVED_PDPTE, PML_FULL, SPP_MISS, SPP_MISCONFIGURATION ->
                walk.outcome().name();
            case PAGE_FAULT -> pageFault(gva, walk);
            case EPT_VIOLATION -> violation(gva, walk);
            case EPT_MISCONFIGURATION -> "misconfiguration " + walk.gpa();
        };
    }

    private String pageFault(long gva, Walk walk) {
        drop(Invalidation.pageFault(vpid(vm), 0, gva));
        return "#PF " + walk.errorCode();
    }

    private String violation(long gva, Walk walk) {
        long root = vms[vm].eptRoot;
        boolean ofTranslation = (walk.qualification() & 1 << 8) != 0;
        drop(
                ofTranslation
                        ? Invalidation.eptViolation(vpid(vm), 0, root, gva, walk.gpa())
                        : Invalidation.eptViolation(root, walk.gpa()));
        return "violation " + walk.gpa() + " " + walk.qualification();
    }
}
