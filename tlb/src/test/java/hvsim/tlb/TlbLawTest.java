package hvsim.tlb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.tlb.NaiveTlb.Key;
import hvsim.tlb.NaiveTlb.Space;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random accesses, fills, changes of the address space and invalidations against {@link NaiveTlb}. The front is used
 * as the core uses it, so that it is under test as well. Each walk finds the page somewhere else, so that a stale
 * translation shows.
 */
class TlbLawTest {
    private static final int OPERATIONS = 30_000;
    private static final long[] ROOTS = {TlbTag.NO_EP4TA, 0x1000, 0x2000};
    private static final long GVA_MASK = (1L << 57) - 1;

    private SplittableRandom random;
    private TlbSpec spec;
    private Tlb tlb;
    private TlbTag tags;
    private NaiveTlb naive;
    private Space space;
    private long nextFrame;
    private long lastGva;

    @ParameterizedTest
    @EnumSource
    void twoLevelsAndAFrontDoWhatListsDo(TlbShapes shape) {
        run(shape, false, 1);
    }

    @ParameterizedTest
    @EnumSource
    void fractureFlushEmptiesTheSpaceWhileAPieceIsCached(TlbShapes shape) {
        run(shape, true, 2);
    }

    private void run(TlbShapes shape, boolean fractureFlush, long seed) {
        random = new SplittableRandom(seed);
        spec = shape.spec(fractureFlush);
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
        } else if (choice < 30) {
            dropPage(randomGva());
        } else if (choice < 40) {
            invalidate(randomGva());
        } else if (choice < 42) {
            saveAndLoad();
        } else if (choice < 50) {
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
        assertEquals(naive.hitCycles, tlb.hitCycles());
        tlb.allow(side, gva);
        return translation;
    }

    /** What a guest has where: bits 33..30 of the address choose the guest's page, the piece of it, and global. */
    private void walk(TlbSpec.Holds side, long gva) {
        int kind = (int) (gva >>> 30) & 7;
        PageSize guestPage = PageSize.byNumber(new int[] {0, 1, 2, 1, 2, 2, 0, 1}[kind]);
        PageSize size = PageSize.byNumber(new int[] {0, 1, 2, 0, 0, 1, 0, 1}[kind]);
        boolean global = (gva >>> 33 & 1) != 0;
        int flags = Translation.USER
                | (global ? Translation.GLOBAL : 0)
                | (size == guestPage ? 0 : Translation.cutFrom(guestPage));
        long translation = Translation.pack(++nextFrame << 30, size, flags);
        tlb.fill(side.ordinal(), gva, translation);
        tlb.allow(side.ordinal(), gva);
        naive.fill(side, new Key(space, gva >>> size.shift(), size, guestPage, global), translation);
    }

    private void switchSpace() {
        space = new Space(random.nextInt(3), random.nextInt(2), ROOTS[random.nextInt(3)]);
        enter();
    }

    private void enter() {
        tlb.enter(
                tags.of(space.vpid(), space.pcid(), space.ep4ta()),
                tags.of(space.vpid(), TlbTag.GLOBAL, space.ep4ta()));
    }

    private void dropPage(long gva) {
        tlb.dropPage(gva);
        Space current = space;
        naive.removeIf(k -> k.serves(current, gva));
    }

    private void invalidate(long gva) {
        int vpid = space.vpid();
        int pcid = space.pcid();
        Predicate<Key> ofVpid = k -> k.owner().vpid() == vpid;
        Predicate<Key> ofPcid = k -> !k.global() && k.owner().pcid() == pcid;
        switch (random.nextInt(6)) {
            case 0, 1 -> invlpg(vpid, pcid, gva);
            case 2 -> drop(Invalidation.movCr3(vpid, pcid), ofVpid.and(ofPcid));
            case 3 -> drop(Invalidation.controlRegister(vpid), ofVpid);
            case 4 ->
                drop(Invalidation.pageFault(vpid, pcid, gva), ofVpid.and(ofPcid).and(k -> k.isOfGuestPage(gva)));
            default -> drop(Invalidation.inveptAll(), k -> k.owner().ep4ta() != TlbTag.NO_EP4TA);
        }
    }

    private void invlpg(int vpid, int pcid, long gva) {
        Predicate<Key> ofSpace =
                k -> k.owner().vpid() == vpid && (k.global() || k.owner().pcid() == pcid);
        boolean[] cut = {false};
        naive.removeIf(k -> {
            cut[0] |= ofSpace.test(k) && k.size() != k.guestPage();
            return false;
        });
        boolean flush = spec.fractureFlush() && cut[0];
        drop(Invalidation.invlpg(vpid, pcid, gva), flush ? ofSpace : ofSpace.and(k -> k.isOfGuestPage(gva)));
    }

    private void drop(Invalidation invalidation, Predicate<Key> doomed) {
        tlb.invalidate(invalidation, tags);
        naive.removeIf(doomed);
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
