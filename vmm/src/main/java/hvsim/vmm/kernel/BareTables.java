package hvsim.vmm.kernel;

import hvsim.ept.PageTable;

/** Frames are all that it takes. */
final class BareTables implements KernelTables {
    private final GuestFrames frames;

    BareTables(GuestFrames frames) {
        this.frames = frames;
    }

    @Override
    public void makeDescriptors(int vcpus) {
        // they are memory as any other
    }

    @Override
    public boolean forge(PageTable table, long gva, long entry) {
        table.setEntry(gva, 1, entry);
        return true;
    }

    @Override
    public long takeTable() {
        return frames.takeTable();
    }

    @Override
    public long takeRoot() {
        return frames.takeTable();
    }

    @Override
    public void giveRoot(long gpa) {
        frames.giveTable(gpa);
    }
}
