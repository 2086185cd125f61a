package hvsim.tlb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import hvsim.tlb.NaiveTlb.Key;
import hvsim.tlb.NaiveTlb.Space;
import hvsim.tlb.TableRow.Execution;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random accesses, fills, changes of the address space and invalidations against {@link NaiveTlb}. The front is used
 * as the core uses it, so that it is under test as well. Each walk finds the page somewhere else, so that a stale
 * translation shows.
 */
class TlbLawTest {
    private static final int OPERATIONS = 4_000 / Integer.getInteger("hvsim.law.divisor", 1);
    private static final long[] ROOTS = {TlbTag.NO_EP4TA, 0x1000, 0x2000, 0};
    private static final TableRow[] ROWS = TableRow.values();
    private static final long GVA_MASK = (1L << 57) - 1;

    private SplittableRandom random;
    private TlbSpec spec;
    private Tlb tlb;
    private TlbTag tags;
    private NaiveTlb naive;
    private Space space;
    private long nextFrame;
    private long lastGva;

    static Stream<Arguments> shapesAndReplacements() {
        return Stream.of(TlbShapes.values())
                .flatMap(shape -> Stream.of(Replacement.values()).map(r -> Arguments.of(shape, r)));
    }

    @ParameterizedTest
    @MethodSource("shapesAndReplacements")
    void twoLevelsAndAFrontDoWhatListsDo(TlbShapes shape, Replacement replacement) {
        run(shape.spec(false, replacement), 1);
    }

    @ParameterizedTest
    @MethodSource("shapesAndReplacements")
    void fractureFlushEmptiesTheSpaceWhileAPieceIsCached(TlbShapes shape, Replacement replacement) {
        run(shape.spec(true, replacement), 2);
    }

    private void run(TlbSpec tlbSpec, long seed) {
        random = new SplittableRandom(seed);
        spec = tlbSpec;
        tlb = new Tlb(spec);
        tags = new TlbTag();
        naive = new NaiveTlb(spec);
        switchSpace();
        for (int i = 0; i < OPERATIONS; i++) {
            step();
        }
    }

    private void step() {
        int choice = random.nextInt(1000);
        if (choice < 20) {
            switchSpace();
        } else if (choice < 25) {
            switchEptp();
        } else if (choice < 35) {
            dropPage(randomGva());
        } else if (choice < 60) {
            execute(ROWS[random.nextInt(ROWS.length)]);
        } else if (choice < 62) {
            saveAndLoad();
        } else if (choice < 70) {
            compareLive();
        } else {
            access(random.nextInt(4) == 0 ? TlbSpec.Holds.FETCH : TlbSpec.Holds.DATA, randomGva());
        }
    }

    private void access(TlbSpec.Holds side, long gva) {
        Long expected = naive.access(space, side, gva);
        long actual = throughTheFront(side.ordinal(), gva);
        assertEquals(expected == null ? Translation.NONE : expected, actual);
        if (expected == null) {
            walk(side, gva);
        }
        TlbStats stats = tlb.stats();
        assertEquals(naive.misses[1][Tlb.FETCH_SIDE], stats.fetchMisses());
        assertEquals(naive.misses[1][Tlb.DATA_SIDE], stats.dataMisses());
        assertEquals(naive.misses[2][Tlb.FETCH_SIDE], stats.secondFetchMisses());
        assertEquals(naive.misses[2][Tlb.DATA_SIDE], stats.secondDataMisses());
    }

    /** As the core does. */
    private long throughTheFront(int side, long gva) {
        Front front = tlb.front();
        boolean answers = front.keys()[Front.index(side, gva)] == (gva >>> 12 << Front.PAGE_SHIFT | front.tag());
        if (answers) {
            // a look-up after all, for the translation: it may change nothing
            assertEquals(0, naive.hitCycles);
        }
        long translation = tlb.lookup(side, gva);
        assertFalse(answers && translation == Translation.NONE, "the front knows what was dropped");
        assertEquals(naive.hitCycles, tlb.hitCycles());
        tlb.allow(side, gva);
        return translation;
    }

    /** What a guest has where: bits 33..30 of the address choose the guest's page, the piece of it, and global. */
    private void walk(TlbSpec.Holds side, long gva) {
        int kind = (int) (gva >>> 30) & 7;
        PageSize size = PageSize.byNumber(new int[] {0, 1, 2, 0, 0, 1, 1, 0}[kind]);
        int guestPageShift = new int[] {12, 21, 30, 21, 30, 30, 22, 22}[kind];
        int cut = new int[] {0, 0, 0, 1, 2, 2, 3, 3}[kind];
        boolean global = (gva >>> 33 & 1) != 0;
        int flags = Translation.USER | (global ? Translation.GLOBAL : 0) | cut << 10;
        long translation = Translation.pack(++nextFrame << 30, size, flags);
        tlb.fill(side.ordinal(), gva, translation);
        tlb.allow(side.ordinal(), gva);
        naive.fill(side, new Key(space, gva >>> size.shift(), size, guestPageShift, global), translation);
    }

    private void switchSpace() {
        space = randomSpace(ROOTS[random.nextInt(ROOTS.length)]);
        enter();
    }

    private Space randomSpace(long root) {
        return new Space(random.nextInt(4), random.nextInt(3), root);
    }

    private long randomRoot() {
        return ROOTS[1 + random.nextInt(ROOTS.length - 1)];
    }

    /** VMFUNC with VPID drops nothing (row 28): the new root selects other entries. */
    private void switchEptp() {
        if (space.ep4ta() != TlbTag.NO_EP4TA) {
            space = new Space(space.vpid(), space.pcid(), randomRoot());
            enter();
        }
    }

    private void enter() {
        tlb.enter(
                tags.of(space.vpid(), space.pcid(), space.ep4ta()),
                tags.of(space.vpid(), TlbTag.GLOBAL, space.ep4ta()));
        if (space.ep4ta() != TlbTag.NO_EP4TA) {
            tags.ofGuestPhysical(space.ep4ta());
        }
    }

    private void dropPage(long gva) {
        tlb.dropPage(gva);
        Space current = space;
        naive.removeIf(k -> k.serves(current, gva));
    }

    private void execute(TableRow row) {
        Execution execution = new Execution(space, randomSpace(randomRoot()), randomGva(), random.nextLong());
        if (!row.canHappenIn(space)) {
            return;
        }
        Invalidation invalidation = row.of(execution);
        tlb.invalidate(invalidation, tags);
        Predicate<Key> doomed = k -> row.drops(execution, k);
        naive.removeIf(
                row == TableRow.ROW_1_INVLPG && isFlushedByFracture(execution)
                        ? k -> TableRow.ROW_10_PAE_SMEP.drops(execution, k)
                        : doomed);
        compareOtherCaches(row, execution, invalidation);
    }

    /** The whole of the current PCID and all globals, as MOV CR4 of row 10. */
    private boolean isFlushedByFracture(Execution e) {
        return spec.fractureFlush() && naive.anyMatch(k -> TableRow.ROW_10_PAE_SMEP.drops(e, k) && k.isFractured());
    }

    /** What paging-structure caches and the nested TLB, which are elsewhere, are told to drop. */
    private void compareOtherCaches(TableRow row, Execution e, Invalidation invalidation) {
        boolean[] structures = invalidation.structureTags(tags);
        boolean[] guestPhysical = invalidation.guestPhysicalTags(tags);
        for (int tag = 0; tag < tags.count(); tag++) {
            Space owner = new Space(tags.vpid(tag), tags.pcid(tag), tags.ep4ta(tag));
            boolean ofGuestPhysical = owner.vpid() == TlbTag.NO_VPID;
            if (owner.pcid() != TlbTag.GLOBAL) { // these caches have no globals
                assertEquals(!ofGuestPhysical && row.dropsStructuresOf(e, owner), structures[tag], row + " " + owner);
            }
            assertEquals(
                    ofGuestPhysical && row.dropsGuestPhysicalOf(e, owner.ep4ta()),
                    guestPhysical[tag],
                    row + " " + owner);
        }
        assertEquals(row.dropsStructuresOfOneAddress(), invalidation.isOfStructuresOfOneAddress());
        assertEquals(row.dropsOneGuestPhysicalAddress(), invalidation.isOfOneGuestPhysicalAddress());
        if (row.dropsStructuresOfOneAddress()) {
            assertEquals(e.gva(), invalidation.gva());
        }
        if (row.dropsOneGuestPhysicalAddress()) {
            assertEquals(e.gpa(), invalidation.gpa());
        }
    }

    private void saveAndLoad() {
        Tlb loaded = new Tlb(spec);
        TlbTag loadedTags = new TlbTag();
        Saved.copy(tlb::transfer, loaded::transfer);
        Saved.copy(tags::transfer, loadedTags::transfer);
        tlb = loaded;
        tags = loadedTags;
    }

    private void compareLive() {
        int tag = tags.of(space.vpid(), space.pcid(), space.ep4ta());
        int globalTag = tags.of(space.vpid(), TlbTag.GLOBAL, space.ep4ta());
        for (TlbSpec.Holds side : new TlbSpec.Holds[] {TlbSpec.Holds.FETCH, TlbSpec.Holds.DATA}) {
            for (int level = 1; level <= 2; level++) {
                assertEquals(naive.live(level, side, space), tlb.live(level, side.ordinal(), tag, globalTag));
            }
        }
    }

    /** Often the same page again or a near one, in all eight kinds of region, in the low and the high half. */
    private long randomGva() {
        if (random.nextInt(3) == 0) {
            return lastGva;
        }
        long page = (long) (random.nextDouble() * random.nextDouble() * 160);
        long region = random.nextInt(3) == 0 ? random.nextInt(16) : random.nextInt(2) << 3;
        long spread = random.nextInt(4) == 0 ? page << 21 & (1L << 30) - 1 : page << 12;
        long half = random.nextInt(8) == 0 ? -1L << 47 : 0;
        lastGva = (half | region << 30 | spread | random.nextInt(4096)) & GVA_MASK;
        return lastGva;
    }
}
