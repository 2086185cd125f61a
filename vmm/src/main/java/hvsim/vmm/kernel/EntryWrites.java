package hvsim.vmm.kernel;

import hvsim.ept.GuestPage;
import hvsim.tlb.Snapshot;

/**
 * A table whose entries the kernel writes when benchmarks ask for it. They lead to one page of its own, and so does another
 * entry, through which it is read once: the table is in use.
 */
final class EntryWrites {
    static final int ENTRIES = 511;
    private static final long NONE = -1;

    private final KernelImage image;
    private final GuestFrames frames;
    private long frame = NONE;

    EntryWrites(KernelImage image, GuestFrames frames) {
        this.image = image;
        this.frames = frames;
    }

    /** @param operand {@link EntryWrite#of} */
    void write(long operand, KernelCode code) {
        EntryWrite write = EntryWrite.kindOf(operand);
        if (frame == NONE) {
            start(write, code);
        }
        long gva = image.spare(EntryWrite.entryOf(operand) % ENTRIES);
        set(gva, write != EntryWrite.CLEARED);
        code.fetch(Path.WRITE_ENTRY, 0).writeEntry(entryOf(gva)).settle();
    }

    /** Pages that are to become present are not there yet. */
    private void start(EntryWrite first, KernelCode code) {
        frame = frames.takeTable();
        for (int entry = 0; entry < ENTRIES; entry++) {
            set(image.spare(entry), first != EntryWrite.SET);
        }
        set(image.spare(ENTRIES), true);
        code.read(image.spare(ENTRIES));
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
