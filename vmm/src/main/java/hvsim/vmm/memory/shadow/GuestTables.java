package hvsim.vmm.memory.shadow;

import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.vmm.memory.MemoryMap;

/**
 * The guest's tables as the hypervisor reads them, and which entries of shadow tables stand for which of theirs. Shadow
 * tables have 512 entries of 8 bytes. Where the guest's have 1024, two tables of pages stand for one, and four of level
 * 2, in which each two entries stand for one:
 *
 * <pre>
 *   guest, level 2    0        ...   255 | 256     ...        | 512   ...  | 768   ...  1023
 *   shadow parts      0 1 2 3  ...   511 | 0 1     ...    511 | part 2     | part 3
 *   guest, level 1    0    ...       511 | 512     ...   1023
 *   shadow parts      0    ...       511 | 0       ...    511
 * </pre>
 */
final class GuestTables {
    private static final int FRAME_SHIFT = 12;
    private static final int SHADOW_INDEX_BITS = 9;

    private final PhysicalMemory memory;
    private final MemoryMap map;
    private final TableLayout layout;

    /** Index bits that the guest's tables have beyond those of shadow tables. */
    private final int moreBits;

    GuestTables(PhysicalMemory memory, MemoryMap map, TableLayout layout) {
        this.memory = memory;
        this.map = map;
        this.layout = layout;
        this.moreBits = layout.indexBits() - SHADOW_INDEX_BITS;
    }

    /** How many shadow tables of {@code level} stand for one of the guest's. */
    int parts(int level) {
        return 1 << moreBits * level;
    }

    /** Which of them has an address. */
    int partOf(long gva, int level) {
        return (int) (gva >>> PageTable.shift(level + 1)) & parts(level) - 1;
    }

    /** What an entry of {@code level} covers. */
    long bytes(int level) {
        return layout.bytes(level);
    }

    /** The entry for an address in the guest's table of {@code level} in that frame. */
    long entry(long gfn, int level, long gva) {
        return read((gfn << FRAME_SHIFT) + layout.offset(gva, level));
    }

    /** The entry that an entry of a shadow table stands for. */
    long entry(ShadowPage page, int index) {
        int guestIndex = (firstOfPart(page) | index) >> moreBits * (page.level() - 1);
        return read((page.key().gfn() << FRAME_SHIFT) + (long) guestIndex * layout.entryBytes());
    }

    /** What the guest has in memory. */
    long quadword(long gpa) {
        return memory.read(map.table().translate(gpa));
    }

    private long read(long gpa) {
        return layout.read(memory, map.table().translate(gpa));
    }

    /** What an address translates to that the tables below the one in that frame map. */
    long translate(long tableGfn, int ofLevel, long gva) {
        long gfn = tableGfn;
        int level = ofLevel;
        long entry = entry(gfn, level, gva);
        while (!GuestEntry.isLeaf(entry, level)) {
            gfn = (entry & GuestEntry.ADDRESS) >>> FRAME_SHIFT;
            entry = entry(gfn, --level, gva);
        }
        return address(entry, level, gva);
    }

    /** What an address translates to by a leaf. */
    long address(long leaf, int level, long gva) {
        long bytes = layout.bytes(level);
        return leaf & GuestEntry.ADDRESS & -bytes | gva & bytes - 1;
    }

    /** The first entry of a shadow table that stands for what is at an offset in the guest's; it may be beyond its ends. */
    int firstIndex(ShadowPage page, int offset) {
        return (offset / layout.entryBytes() << moreBits * (page.level() - 1)) - firstOfPart(page);
    }

    private int firstOfPart(ShadowPage page) {
        return (page.key().part() & parts(page.level()) - 1) << SHADOW_INDEX_BITS;
    }

    /** How many entries stand for one of the guest's. */
    int entriesForOne(int level) {
        return 1 << moreBits * (level - 1);
    }
}
