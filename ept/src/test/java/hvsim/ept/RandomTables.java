package hvsim.ept;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Tables of one virtual machine (or, without a second stage, of a native kernel) for a few addresses, with pages of
 * all sizes at random places; then entries are made to deviate. Every entry is written to both memories: the real one
 * and the oracle's.
 */
final class RandomTables {
    /** Machine memory that the tables of {@link #VMS} virtual machines take. */
    static final long BYTES = 24L << 30;

    static final int VMS = 2;
    static final int SPACES = 2;

    private static final int HUGE_PAGES = 4;
    private static final long LOGS = 0x3000_0000L;
    private static final long LOWEST_4G = (1L << 32) - 1;

    final Shape shape;
    final List<Slot> slots = new ArrayList<>();

    private final PhysicalMemory memory;
    private final NaiveMemory oracle;
    private final SplittableRandom random;
    private final Deviations deviations;
    private final long eptRoot;
    private final NaiveWalker.Root[] roots = new NaiveWalker.Root[SPACES];
    private final NaiveLog log;
    private final long[] gvas = new long[6];
    private final Map<Long, Slot> slotAt = new HashMap<>();
    private final Set<Long> takenFrames = new HashSet<>();
    private final long[] gpaRegions = new long[3];
    private final long endOfHuge;
    private long nextTable;
    private long nextFrame;
    private long nextLarge;
    private long nextHuge;

    RandomTables(PhysicalMemory memory, NaiveMemory oracle, SplittableRandom random, int vm, Shape shape) {
        this.memory = memory;
        this.oracle = oracle;
        this.random = random;
        this.shape = shape;
        deviations = new Deviations(shape, random);
        nextTable = (long) vm << 27;
        nextFrame = (1L << 30) + ((long) vm << 29);
        nextLarge = (2L + 4L * vm) << 30;
        nextHuge = (15L + 4L * vm) << 30;
        endOfHuge = nextHuge + HUGE_PAGES * (1L << 30);
        log = shape.logs() ? new NaiveLog(LOGS + 0x1000L * vm, random.nextInt(3)) : NaiveLog.off();
        for (int i = 0; i < gpaRegions.length; i++) {
            gpaRegions[i] = random.nextLong(1L << gpaBits()) & -(1L << 30);
        }
        eptRoot = shape.nested() ? newTable() : Setting.NATIVE;
        for (int space = 0; space < SPACES; space++) {
            roots[space] = newRoot(space);
        }
        for (int i = 0; i < gvas.length; i++) {
            gvas[i] = newGva(i == 0 ? 0 : gvas[random.nextInt(i)]);
            for (int space = 0; space < SPACES; space++) {
                map(gvas[i], space);
            }
        }
    }

    Setting setting(int space) {
        long eptp =
                shape.nested() ? EptPointer.pack(eptRoot, shape.eptLevels(), shape.accessedDirty()) : Setting.NATIVE;
        return new Setting(shape.registers(), roots[space], shape.can(), eptp, shape.modeBasedExecute());
    }

    NaiveLog log() {
        return log;
    }

    /** One of the mapped addresses, its page's other bytes, or (seldom) an address that nothing maps. */
    long gva() {
        if (random.nextInt(30) == 0) {
            return random.nextLong() >>> (shape.mode().isLong() ? 7 : 32);
        }
        return gvas[random.nextInt(gvas.length)] & -4096 | random.nextInt(4096);
    }

    /** Makes a random entry deviate, or puts it right again; returns it, and in {@code before} what was there. */
    Slot edit(long[] before) {
        Slot slot = slots.get(random.nextInt(slots.size()));
        before[0] = read(slot);
        long e = random.nextInt(3) == 0 ? slot.clean() : before[0];
        write(slot, deviations.of(e, slot));
        return slot;
    }

    /** As {@link #edit}, but all that is done is to give a present entry, if there is such a one, rights it lacks. */
    Slot widen(long[] before) {
        int start = random.nextInt(slots.size());
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get((start + i) % slots.size());
            before[0] = read(slot);
            long wider = Deviations.widened(before[0], slot);
            if (wider != before[0]) {
                write(slot, wider);
                return slot;
            }
        }
        return edit(before);
    }

    /** Undoes all edits; flags get their first values. */
    void repair() {
        slots.forEach(s -> write(s, s.clean()));
    }

    long read(Slot slot) {
        return oracle.read(slot.hpa(), slot.bytes());
    }

    private void write(Slot slot, long entry) {
        oracle.write(slot.hpa(), slot.bytes(), entry);
        memory.write(slot.hpa() & -8, oracle.read(slot.hpa() & -8));
    }

    /** With PAE paging the registers hold what was loaded first, whatever becomes of memory; some hold no table. */
    private NaiveWalker.Root newRoot(int space) {
        if (shape.mode() != PagingMode.PAE) {
            return new NaiveWalker.Root(newGuestFrame() | (shape.mode().isLong() ? 0 : 0x18));
        }
        long cr3 = newGuestFrame() | (long) random.nextInt(128) << 5;
        long[] pdptes = new long[4];
        for (int i = 0; i < 4; i++) {
            pdptes[i] = newGuestFrame() | (random.nextInt(8) == 0 ? 0 : 1);
            add(new Slot(back(cr3 + 8L * i), 8, true, space, (long) i << 30, 3, false, pdptes[i]));
        }
        return new NaiveWalker.Root(cr3, pdptes);
    }

    /** An address that shares some upper tables with another. */
    private long newGva(long like) {
        int bits = shape.mode().addressBits();
        int shared = Math.min(12 + 9 * random.nextInt(6), bits);
        long mixed = like >>> shared << shared ^ random.nextLong() & (1L << shared) - 1;
        return shape.mode().isLong() ? mixed << 64 - bits >> 64 - bits & (1L << 57) - 1 : mixed & LOWEST_4G;
    }

    private void map(long gva, int space) {
        PagingMode mode = shape.mode();
        if (mode == PagingMode.OFF) {
            back(gva);
            return;
        }
        NaiveFormat format = shape.format();
        NaiveWalker.Root root = roots[space];
        long table = mode == PagingMode.PAE ? format.table(root.pdptes()[(int) (gva >>> 30)]) : format.root(root.cr3());
        for (int level = mode.levels(); ; level--) {
            Slot slot = guestSlot(format.entryAddress(table, gva, level), space, gva, level);
            if (slot.leaf()) {
                back(format.page(slot.clean(), level) | gva & (1L << format.shift(level)) - 1);
                return;
            }
            table = format.table(slot.clean());
        }
    }

    private Slot guestSlot(long gpa, int space, long gva, int level) {
        long hpa = back(gpa);
        Slot there = slotAt.get(hpa);
        if (there != null) {
            return there;
        }
        boolean leaf = level == 1 || shape.mayBeGuestLeaf(level) && random.nextInt(level == 2 ? 3 : 5) == 0;
        long e = leaf ? newGuestPage(level) : newGuestFrame();
        e |= 7 | flags(5) | (leaf ? random.nextInt(2) << 8 : 0) | (leaf && level > 1 ? 1 << 7 : 0);
        if (leaf && shape.mode().isLong()) {
            e |= (long) random.nextInt(4) << 59;
        }
        return add(new Slot(hpa, shape.format().entryBytes(), true, space, gva, level, leaf, e));
    }

    /** Where a guest-physical address is in the machine; maps it if it is not yet. */
    private long back(long gpa) {
        if (!shape.nested()) {
            return gpa;
        }
        long table = eptRoot;
        for (int level = shape.eptLevels(); ; level--) {
            Slot slot = eptSlot(table + (gpa >>> 12 + 9 * (level - 1) & 511) * 8, gpa, level);
            if (slot.leaf()) {
                long offset = (1L << 12 + 9 * (level - 1)) - 1;
                return slot.clean() & NaiveFormat.bits(51, 12) & ~offset | gpa & offset;
            }
            table = slot.clean() & NaiveFormat.bits(51, 12);
        }
    }

    private Slot eptSlot(long hpa, long gpa, int level) {
        Slot there = slotAt.get(hpa);
        if (there != null) {
            return there;
        }
        boolean left = level == 2 || nextHuge < endOfHuge;
        boolean leaf = level == 1 || left && shape.mayBeEptLeaf(level) && random.nextInt(level == 2 ? 3 : 6) == 0;
        long e = (leaf ? newPage(level) : newTable()) | 7 | 1 << 10 | (leaf ? 6 << 3 : 0) | flags(8);
        return add(new Slot(hpa, 8, false, 0, gpa, level, leaf, e | (leaf && level > 1 ? 1 << 7 : 0)));
    }

    private Slot add(Slot slot) {
        slots.add(slot);
        slotAt.put(slot.hpa(), slot);
        write(slot, slot.clean());
        return slot;
    }

    /** Accessed and dirty, mostly set. */
    private long flags(int accessedBit) {
        return (random.nextInt(shape.logs() ? 2 : 4) == 0 ? random.nextInt(4) : 3L) << accessedBit;
    }

    private long newTable() {
        return nextTable += 0x1000L * (1 + random.nextInt(3));
    }

    private long newPage(int level) {
        return switch (level) {
            case 1 -> nextFrame += 0x1000L * (1 + random.nextInt(3));
            case 2 -> nextLarge += (2L << 20) * (1 + random.nextInt(3));
            default -> nextHuge += 1L << 30;
        };
    }

    /** What a leaf has of its page's address; a page of 4 MiB has bits 39:32 of it in bits 20:13. */
    private long newGuestPage(int level) {
        int width = shape.can().physicalAddressBits();
        boolean narrow = shape.mode() == PagingMode.TWO_LEVEL;
        if (level == 1) {
            long gpa = gpaRegions[random.nextInt(3)] + random.nextInt(1 << 30) & -4096;
            return narrow ? gpa & LOWEST_4G : gpa;
        }
        if (narrow) {
            long gpa = random.nextLong(1L << Math.min(width, 40));
            return gpa & 0xFFC0_0000L | gpa >>> 32 << 13;
        }
        return random.nextLong(1L << gpaBits()) & -(1L << 12 + 9 * (level - 1));
    }

    /** Mostly no more than 4 levels of a second stage translate. */
    private int gpaBits() {
        int width = shape.can().physicalAddressBits();
        return shape.nested() && shape.eptLevels() == 4 && random.nextInt(10) > 0 ? Math.min(width, 48) : width;
    }

    /** For a table, so no other table may have it. */
    private long newGuestFrame() {
        if (!shape.nested()) {
            return newTable();
        }
        long gpa = gpaRegions[random.nextInt(3)] + ((long) random.nextInt(1 << 18) << 12);
        if (!shape.mode().isLong()) {
            gpa &= LOWEST_4G;
        }
        return takenFrames.add(gpa) ? gpa : newGuestFrame();
    }

    /** Registers as in the tables' shape, but for those that modify what an access may. */
    Registers modified() {
        Registers r = shape.registers();
        long changed = random.nextInt(3) == 0 ? random.nextLong() : Registers.WP;
        long cr4 = r.cr4() & ~(Registers.SMEP | Registers.SMAP | Registers.PKE)
                | changed >>> 3 & (Registers.SMEP | Registers.SMAP | Registers.PKE);
        int pkru = random.nextInt(4) == 0 ? random.nextInt() & 0xFF : 0;
        return new Registers(
                r.cr0() & ~Registers.WP | changed & Registers.WP, cr4, r.efer(), changed & Registers.AC, pkru);
    }
}
