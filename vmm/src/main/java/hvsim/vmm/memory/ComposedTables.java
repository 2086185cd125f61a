package hvsim.vmm.memory;

import hvsim.ept.EptEntry;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import java.util.Arrays;

/**
 * The second stage of a nested guest as the hardware walks it: its own hypervisor's tables, and after those the tables
 * that the machine's hypervisor has for that one. An entry is made when it is missed, and all are dropped when the
 * guest hypervisor says, by INVEPT, that its tables have changed.
 *
 * <pre>
 *   gpa of the nested guest --EPT12--> gpa of its hypervisor --EPT01--> hpa
 *                           --------------EPT02------------------------>
 * </pre>
 */
final class ComposedTables {
    private final PhysicalMemory memory;
    private final Frames frames;
    private final PageTable inner;
    private final MemoryMap outer;
    private final PageTable composed;

    /** Tables that were made, and are in use up to {@link #used}. */
    private long[] tables = new long[16];

    private int made;
    private int used;

    /** @param frames of the machine's hypervisor */
    ComposedTables(PhysicalMemory memory, Frames frames, PageTable inner, MemoryMap outer) {
        this.memory = memory;
        this.frames = frames;
        this.inner = inner;
        this.outer = outer;
        this.composed = PageTable.ofSecondStage(memory, frames.allocate(PageSize.SIZE_4K), inner.levels());
    }

    PageTable table() {
        return composed;
    }

    /** Whether the guest hypervisor's tables permit that access, of R, W and X, to its guest. */
    boolean isInnerAllowing(long gpa, long access) {
        EptMapping mapping = EptMapping.of(inner, gpa);
        return mapping != null && mapping.allows(access);
    }

    /**
     * Makes the entry for an address that the guest hypervisor has mapped; where it has not, there is none.
     *
     * @return entries written, those of tables among them
     */
    int fill(long gpa) {
        EptMapping first = EptMapping.of(inner, gpa);
        if (first == null) {
            return 0;
        }
        long middle = first.translate(gpa);
        outer.back(middle);
        EptMapping second = EptMapping.of(outer.table(), middle);
        if (second == null) {
            throw new IllegalStateException("a frame was given, and is not there");
        }
        PageSize size =
                PageSize.byNumber(Math.min(first.size().ordinal(), second.size().ordinal()));
        long page = second.translate(middle) & -size.bytes();
        return set(gpa, size, EptEntry.leaf(page, size, first.rights() & second.rights()));
    }

    private int set(long gpa, PageSize size, long entry) {
        int edits = 1;
        splitLarger(gpa, size);
        for (int level = composed.missingTable(gpa, size); level != 0; level = composed.missingTable(gpa, size)) {
            composed.link(gpa, level, takeTable(), false);
            edits++;
        }
        composed.setLeaf(gpa, size, entry);
        return edits;
    }

    /** A larger page that was there before gives way to a table. */
    private void splitLarger(long gpa, PageSize size) {
        for (int level = composed.levels(); level > size.leafLevel(); level--) {
            long entry = composed.entry(gpa, level);
            if (EptEntry.isPresent(entry) && EptEntry.isLeaf(entry, level)) {
                composed.setEntry(gpa, level, 0);
                return;
            }
        }
    }

    private long takeTable() {
        if (used == made) {
            if (made == tables.length) {
                tables = Arrays.copyOf(tables, 2 * made);
            }
            tables[made++] = frames.allocate(PageSize.SIZE_4K);
        }
        long table = tables[used++];
        clear(table);
        return table;
    }

    private void clear(long table) {
        for (int i = 0; i < PageTable.ENTRIES; i++) {
            memory.write(table + (long) i * Long.BYTES, 0);
        }
    }

    /** INVEPT by the guest hypervisor: nothing is known any more. */
    void drop() {
        clear(composed.root());
        used = 0;
    }

    void transfer(Snapshot snapshot) {
        tables = snapshot.transferResized(tables);
        made = snapshot.transfer(made);
        used = snapshot.transfer(used);
    }
}
