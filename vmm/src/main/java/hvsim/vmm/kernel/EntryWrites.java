package hvsim.vmm.kernel;

import hvsim.ept.GuestPage;
import hvsim.tlb.Snapshot;

/**
 * Tables whose entries the kernel writes when benchmarks ask for it. They lead to one page of its own, and so does another
 * entry of each table, through which it is read once: the tables are in use.
 */
final class EntryWrites {
    private static final int TABLES = 6;
    private static final int PAGES_A_TABLE = 512;
    private static final int ENTRIES_A_TABLE = PAGES_A_TABLE - 1;
    private static final int ENTRIES = TABLES * ENTRIES_A_TABLE;
    private static final long NONE = -1;

    private final KernelImage image;
    private final GuestFrames frames;
    private long frame = NONE;

    EntryWrites(KernelImage image, GuestFrames frames) {
        this.image = image;
        this.frames = frames;
    }

    /**
     * One block in a loop writes some entries.
     *
     * @param operand {@link EntryWrite#of}
     */
    void write(long operand, KernelCode code) {
        EntryWrite write = EntryWrite.kindOf(operand);
        if (frame == NONE) {
            start(write, code);
        }
        code.fetch(Path.WRITE_ENTRY, 0);
        for (int i = 0; i < EntryWrite.AT_ONCE; i++) {
            long gva = page((EntryWrite.firstOf(operand) + i) % ENTRIES);
            set(gva, write != EntryWrite.CLEARED);
            code.work(write.otherCycles()).writeEntry(entryOf(gva)).settle();
        }
    }

    /** Pages that are to become present are not there yet. */
    private void start(EntryWrite first, KernelCode code) {
        frame = frames.takeTable();
        for (int entry = 0; entry < ENTRIES; entry++) {
            set(page(entry), first != EntryWrite.SET);
        }
        for (int table = 0; table < TABLES; table++) {
            long use = image.spare(table * PAGES_A_TABLE + ENTRIES_A_TABLE);
            set(use, true);
            code.read(use);
        }
    }

    /** What an entry maps. */
    private long page(int entry) {
        return image.spare(entry / ENTRIES_A_TABLE * PAGES_A_TABLE + entry % ENTRIES_A_TABLE);
    }

    private long entryOf(long gva) {
        return image.table().entryAddress(gva, GuestPage.KIB_4.leafLevel());
    }

    private void set(long gva, boolean present) {
        image.setLeaf(gva, GuestPage.KIB_4, present ? GuestPage.KIB_4.leaf(frame, image.flags()) : 0);
    }

    void transfer(Snapshot snapshot) {
        frame = snapshot.transfer(frame);
    }
}
