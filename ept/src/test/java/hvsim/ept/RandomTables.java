package hvsim.ept;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Tables of one virtual machine (or, without a second stage, of a native kernel) for a few addresses, with pages of
 * all sizes at random places; then entries are made to deviate. Every entry is written to both memories: the real one
 * and the oracle's map.
 */
final class RandomTables {
    /** Machine memory that one virtual machine takes. */
    static final long BYTES = 8L << 30;

    private static final int HUGE_PAGES = 4;

    /** An entry that means something, an address it is for, and what was first in it. */
    record Slot(long hpa, boolean guest, int space, long address, int level, boolean leaf, long clean) {}

    final long eptRoot;
    final long[] cr3 = new long[2];
    final List<Slot> slots = new ArrayList<>();

    private final PhysicalMemory memory;
    private final Map<Long, Long> oracle;
    private final SplittableRandom random;
    private final boolean nested;
    private final long[] gvas = new long[6];
    private final Set<Long> takenFrames = new HashSet<>();
    private final long[] gpaRegions = new long[3];
    private long nextTable;
    private long nextFrame;
    private long nextLarge;
    private long nextHuge;

    RandomTables(PhysicalMemory memory, Map<Long, Long> oracle, SplittableRandom random, long hpa, boolean nested) {
        this.memory = memory;
        this.oracle = oracle;
        this.random = random;
        this.nested = nested;
        nextTable = hpa + 0x1000;
        nextFrame = hpa + (64 << 20);
        nextLarge = hpa + (1L << 30);
        nextHuge = hpa + BYTES - HUGE_PAGES * (1L << 30);
        for (int i = 0; i < gpaRegions.length; i++) {
            gpaRegions[i] = (long) random.nextInt(1 << 16) << 30;
        }
        eptRoot = nested ? newTable() : -1;
        for (int space = 0; space < cr3.length; space++) {
            cr3[space] = newGuestFrame();
        }
        for (int i = 0; i < gvas.length; i++) {
            gvas[i] = newGva(i == 0 ? 0 : gvas[random.nextInt(i)]);
            map(gvas[i], 0);
            map(gvas[i], 1);
        }
    }

    /** One of the mapped addresses, its page's other bytes, or (seldom) an address that nothing maps. */
    long gva() {
        if (random.nextInt(30) == 0) {
            return random.nextLong() >>> 7;
        }
        return gvas[random.nextInt(gvas.length)] & -4096 | random.nextInt(4096);
    }

    /** Makes a random entry deviate, or puts it right again; returns it, and in {@code before} what was there. */
    Slot edit(long[] before) {
        Slot slot = slots.get(random.nextInt(slots.size()));
        before[0] = oracle.get(slot.hpa());
        long e = random.nextInt(3) == 0 ? slot.clean() : before[0];
        write(slot.hpa(), slot.guest() ? deviatingGuest(e, slot) : deviatingEpt(e, slot));
        return slot;
    }

    /** Undoes all edits; flags get their first values. */
    void repair() {
        slots.forEach(s -> write(s.hpa(), s.clean()));
    }

    private long deviatingGuest(long e, Slot slot) {
        return switch (random.nextInt(10)) {
            case 0 -> e & ~1L;
            case 1 -> e | 1L << reservedBit(slot);
            case 2 -> e & ~2L;
            case 3 -> e & ~4L;
            case 4 -> e | 1L << 63;
            case 5 -> e ^ 3L << 5;
            case 6 -> e ^ (long) random.nextInt(1 << 11) << 52 ^ random.nextInt(8) << 9;
            case 7 -> random.nextInt(4) == 0 ? random.nextLong() : e & ~(1L << 5);
            default -> slot.clean();
        };
    }

    private long deviatingEpt(long e, Slot slot) {
        return switch (random.nextInt(10)) {
            case 0 -> e & ~7L;
            case 1 -> e & ~7L | random.nextInt(8);
            case 2 -> e | 1L << (random.nextBoolean() ? reservedBit(slot) : 3 + random.nextInt(5));
            case 3 -> e & ~(7L << 3) | (long) random.nextInt(8) << 3;
            case 4 -> e ^ 3L << 8;
            case 5 -> e ^ (long) random.nextInt(1 << 12) << 52 ^ random.nextInt(4) << 10;
            case 6 -> random.nextInt(4) == 0 ? random.nextLong() : e & ~2L;
            case 7 -> e & ~4L;
            default -> slot.clean();
        };
    }

    private int reservedBit(Slot slot) {
        return slot.leaf() && slot.level() > 1 && random.nextBoolean()
                ? 12 + random.nextInt(9 * (slot.level() - 1))
                : random.nextInt(4) == 0 ? 7 : 46 + random.nextInt(6);
    }

    private void write(long hpa, long entry) {
        oracle.put(hpa, entry);
        memory.write(hpa, entry);
    }

    /** An address that shares some upper tables with another. */
    private long newGva(long like) {
        int shared = 12 + 9 * random.nextInt(5);
        long fresh = random.nextLong() << 16 >> 16;
        return (like >> shared << shared ^ fresh & (1L << shared) - 1) << 16 >> 16 & (1L << 57) - 1;
    }

    private void map(long gva, int space) {
        long table = cr3[space];
        for (int level = 4; ; level--) {
            long hpa = back(table + index(gva, level) * 8);
            if (!oracle.containsKey(hpa)) {
                add(hpa, true, space, gva, level, guestLeafHere(level));
            }
            long e = oracle.get(hpa);
            if (level == 1 || (e & 1 << 7) != 0) {
                back(pageOf(e, level) | gva & (1L << 12 + 9 * (level - 1)) - 1);
                return;
            }
            table = pageOf(e, 1);
        }
    }

    private boolean guestLeafHere(int level) {
        return level == 1 || level == 2 && random.nextInt(3) == 0 || level == 3 && random.nextInt(6) == 0;
    }

    /** Where a guest-physical address is in the machine; maps it if it is not yet. */
    private long back(long gpa) {
        if (!nested) {
            return gpa;
        }
        long table = eptRoot;
        for (int level = 4; ; level--) {
            long hpa = table + index(gpa, level) * 8;
            if (!oracle.containsKey(hpa)) {
                add(hpa, false, 0, gpa, level, eptLeafHere(level));
            }
            long e = oracle.get(hpa);
            if (level == 1 || (e & 1 << 7) != 0) {
                return pageOf(e, level) | gpa & (1L << 12 + 9 * (level - 1)) - 1;
            }
            table = pageOf(e, 1);
        }
    }

    private boolean eptLeafHere(int level) {
        boolean hugeLeft = (nextHuge + (1L << 30) & BYTES - 1) != 0;
        return level == 1 || level == 2 && random.nextInt(3) == 0 || level == 3 && hugeLeft && random.nextInt(6) == 0;
    }

    private void add(long hpa, boolean guest, int space, long address, int level, boolean leaf) {
        long large = leaf && level > 1 ? 1 << 7 : 0;
        long entry = guest
                ? (leaf ? newGuestPage(level) : newGuestFrame()) | 7 | flags(5) | (leaf ? random.nextInt(2) << 8 : 0)
                : (leaf ? newPage(level) : newTable()) | 7 | (leaf ? 6 << 3 : 0) | flags(8);
        slots.add(new Slot(hpa, guest, space, address, level, leaf, entry | large));
        write(hpa, entry | large);
    }

    /** Accessed and dirty, mostly set. */
    private long flags(int accessedBit) {
        return (random.nextInt(4) == 0 ? random.nextInt(4) : 3L) << accessedBit;
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

    private long newGuestPage(int level) {
        long gpa = level == 1 ? gpaRegions[random.nextInt(3)] + random.nextInt(1 << 30) : random.nextLong(1L << 46);
        return gpa & -(1L << 12 + 9 * (level - 1));
    }

    /** For a table, so no other table may have it. */
    private long newGuestFrame() {
        if (!nested) {
            return newTable();
        }
        long gpa = gpaRegions[random.nextInt(3)] + ((long) random.nextInt(1 << 18) << 12);
        return takenFrames.add(gpa) ? gpa : newGuestFrame();
    }

    private static long index(long address, int level) {
        return address >>> 12 + 9 * (level - 1) & 511;
    }

    private static long pageOf(long entry, int level) {
        return entry & 0x000F_FFFF_FFFF_F000L & -(1L << 12 + 9 * (level - 1));
    }
}
