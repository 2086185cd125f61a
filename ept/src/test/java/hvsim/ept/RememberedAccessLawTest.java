package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.tlb.Invalidation;
import hvsim.tlb.PageSize;
import hvsim.tlb.SetIndex;
import hvsim.tlb.Tlb;
import hvsim.tlb.TlbSpec;
import hvsim.tlb.Translation;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * TLBs and walks together: while software follows each edit with what the manual asks for, and with no more, an access
 * ends as a walk without any memory of earlier ones would. Asked for is nothing where nothing was present or where
 * rights only grow: then one fault may be spurious, which itself drops what was out of date (SDM vol. 3, 325384-059US,
 * 4.10.4.2, 4.10.4.3 and 28.3.3.4).
 */
class RememberedAccessLawTest {
    private static final int ACCESSES = 4_000 / Integer.getInteger("hvsim.law.divisor", 1);
    private static final int ACCESSES_PER_WORLD = 100;
    private static final WalkSpec.StructureCache CACHE = new WalkSpec.StructureCache(2, 2, 3, 6);
    private static final long USER_PAGE_CONTROLS = Registers.SMEP | Registers.SMAP | Registers.PKE;
    private static final long WRITE = 1 << 1;
    private static final long USER = 1 << 2;
    private static final long EXECUTE_DISABLE = 1L << 63;
    private static final long SECOND_STAGE_RIGHTS = 7 | 1 << 10;

    /** How often the same access may fault before it ends as a fresh one: once for each thing that is remembered. */
    private static final int TRIES = 4;

    private WalkWorld world;
    private Tlb tlb;

    /** Under SMEP, SMAP, keys and mode-based execution, a page that becomes a user's allows supervisors less. */
    private boolean userPagesAreSpecial;

    private int hits;
    private int spurious;

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void anAccessEndsAsAFreshWalkWould(PagingMode mode) {
        run(mode, ACCESSES, 1);
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    @Tag("long")
    void manyAccessesEndAsFreshWalksWould(PagingMode mode) {
        run(mode, 250_000, 2);
    }

    private void run(PagingMode mode, int accesses, long seed) {
        SplittableRandom seeds = new SplittableRandom(seed << 8 | mode.ordinal());
        for (int done = 0; done < accesses; done += ACCESSES_PER_WORLD) {
            live(seeds.nextLong(), mode);
        }
        assertTrue(hits > accesses / 6, () -> hits + " hits");
        assertTrue(spurious >= accesses / 10_000, () -> spurious + " spurious faults");
    }

    private void live(long seed, PagingMode mode) {
        SplittableRandom random = new SplittableRandom(~seed);
        world = new WalkWorld(seed, mode, new WalkSpec(CACHE, CACHE, random.nextInt(20)));
        tlb = new Tlb(new TlbSpec(
                List.of(
                        part("itlb", 1, TlbSpec.Holds.FETCH),
                        part("dtlb", 1, TlbSpec.Holds.DATA),
                        part("stlb", 2, TlbSpec.Holds.ALL)),
                random.nextBoolean()));
        userPagesAreSpecial = world.shape.modeBasedExecute() || random.nextBoolean();
        enter(0);
        for (int i = 0; i < ACCESSES_PER_WORLD; i++) {
            if (random.nextInt(5) == 0) {
                edit(random.nextInt(RandomTables.VMS));
            }
            if (random.nextInt(20) == 0) {
                enter(random.nextInt(RandomTables.VMS));
            }
            world.modify();
            if (!userPagesAreSpecial) {
                world.setting = world.setting.with(world.setting.registers().cr4(USER_PAGE_CONTROLS, 0));
            }
            access(world.vms[world.vm].gva(), Access.random(random));
        }
    }

    private static TlbSpec.Part part(String name, int level, TlbSpec.Holds holds) {
        int entries = 8 * level;
        return new TlbSpec.Part(
                name, level, holds, EnumSet.allOf(PageSize.class), entries, 4, SetIndex.MASK, 7 * (level - 1));
    }

    private void enter(int vm) {
        world.enter(vm, 0);
        world.enterTlb(tlb);
    }

    private void edit(int number) {
        if (world.vms[number].slots.isEmpty()) {
            return;
        }
        long[] before = new long[1];
        RandomTables tables = world.vms[number];
        Slot slot = world.random.nextInt(3) == 0 ? tables.widen(before) : tables.edit(before);
        if (slot.space() == 0 && world.isPresent(slot, before[0]) && !onlyGrows(slot, before[0], tables.read(slot))) {
            drop(slot.guest() ? ofGuestEdit(number, slot) : world.invept(number));
        }
    }

    private boolean onlyGrows(Slot slot, long before, long after) {
        if (!slot.guest()) {
            return onlyGrows(before, after, SECOND_STAGE_RIGHTS);
        }
        long rights = WRITE | EXECUTE_DISABLE | (userPagesAreSpecial ? 0 : USER);
        return onlyGrows(before ^ EXECUTE_DISABLE, after ^ EXECUTE_DISABLE, rights);
    }

    private static boolean onlyGrows(long before, long after, long rights) {
        return (before & ~rights) == (after & ~rights) && (before & ~after & rights) == 0;
    }

    private Invalidation ofGuestEdit(int number, Slot slot) {
        return slot.leaf() ? world.invlpg(number, slot) : Invalidation.controlRegister(world.vpid(number));
    }

    private void drop(Invalidation invalidation) {
        tlb.invalidate(invalidation, world.tags);
        world.caches.invalidate(invalidation, world.tags);
    }

    private void access(long gva, Access access) {
        String expected = world.expected(gva, access).end();
        String actual = remembered(gva, access);
        for (int tries = 0; !expected.equals(actual) && tries < TRIES; tries++) {
            spurious++;
            actual = remembered(gva, access);
        }
        assertEquals(expected, actual, () -> world.told(gva, access));
    }

    /** As a core does: the TLB, if it grants all that is needed; else a walk, and what a fault drops. */
    private String remembered(long gva, Access access) {
        int side = access.fetch() ? Tlb.FETCH_SIDE : Tlb.DATA_SIDE;
        long found = tlb.lookup(side, gva);
        if (found != Translation.NONE && isGranted(found, access)) {
            hits++;
            return Seen.translated(found, gva).end();
        }
        if (found != Translation.NONE) {
            tlb.dropPage(gva);
        }
        Walk walk = new Walk();
        if (world.walker.walk(gva, access.kind(), access.rights(world.setting.registers()), walk)) {
            tlb.fill(side, gva, walk.translation());
        } else {
            dropAfter(walk, gva);
        }
        return Seen.of(walk, gva).end();
    }

    private boolean isGranted(long found, Access access) {
        AccessRights rights = access.rights(world.setting.registers());
        int need = rights.need(access.kind());
        boolean keyForbids = (found & Translation.USER) != 0
                && (rights.deniedKeys(access.kind()) >>> Translation.key(found) & 1) != 0;
        return (found & need) == need && !keyForbids;
    }

    private void dropAfter(Walk walk, long gva) {
        int vpid = world.vpid(world.vm);
        long root = world.setting.ep4ta();
        if (walk.outcome() == WalkOutcome.PAGE_FAULT) {
            drop(Invalidation.pageFault(vpid, 0, gva));
        }
        if (walk.outcome() == WalkOutcome.EPT_VIOLATION) {
            boolean ofTranslation = (walk.qualification() & 1 << 8) != 0;
            drop(
                    ofTranslation
                            ? Invalidation.eptViolation(vpid, 0, root, gva, walk.gpa())
                            : Invalidation.eptViolation(root, walk.gpa()));
        }
    }
}
