package hvsim.ept;

/** Extended page tables made by hand, and a second stage over them, for tests. */
final class EptTables {
    static final long ROOT = 0x1000;
    static final long BASE = 1L << 40;
    static final int R = 1;
    static final int W = 2;
    static final int X = 4;
    static final int XU = 1 << 10;
    static final int ALL = R | W | X | XU;
    static final long LINEAR = 1 << 7;

    /** Of an access through a linear address: bits 7 to 10, user-mode and writable for the guest. */
    static final long TRANSLATION = 0xF << 7;

    final PhysicalMemory memory = new PhysicalMemory(1L << 46);
    final SecondStage stage;
    final Walk walk = new Walk();
    private final int levels;
    private long nextTable = ROOT + 0x1000;

    EptTables(int levels) {
        this(levels, WalkSpec.UNCACHED, PagingCapability.ALL, WalkJournal.NONE);
    }

    EptTables(int levels, WalkSpec spec, PagingCapability capability, WalkJournal journal) {
        this.levels = levels;
        stage = new SecondStage(memory, new WalkCaches(spec), capability, new EntryReads(journal, null));
        enter(false, false);
    }

    void enter(boolean accessedDirty, boolean modeBased) {
        stage.enter(EptPointer.pack(ROOT, levels, accessedDirty), modeBased, 1);
    }

    /** Maps the page of that level, of write-back memory, with all rights. */
    EptTables map(long gpa, int leafLevel) {
        long table = ROOT;
        for (int level = levels; level > leafLevel; level--) {
            long hpa = table | PageTable.entryOffset(gpa, level);
            if (memory.read(hpa) == 0) {
                memory.write(hpa, nextTable | ALL);
                nextTable += 0x1000;
            }
            table = memory.read(hpa) & GuestEntry.ADDRESS;
        }
        long page = BASE | gpa & (1L << 39) - 1 & -(1L << PageTable.shift(leafLevel));
        memory.write(table | PageTable.entryOffset(gpa, leafLevel), page | ALL | 6 << 3 | (leafLevel > 1 ? 1 << 7 : 0));
        return this;
    }

    long entryHpa(long gpa, int level) {
        long table = ROOT;
        for (int l = levels; l > level; l--) {
            table = memory.read(table | PageTable.entryOffset(gpa, l)) & GuestEntry.ADDRESS;
        }
        return table | PageTable.entryOffset(gpa, level);
    }

    long entry(long gpa, int level) {
        return memory.read(entryHpa(gpa, level));
    }

    void set(long gpa, int level, long bits) {
        memory.write(entryHpa(gpa, level), entry(gpa, level) | bits);
    }

    void clear(long gpa, int level, long bits) {
        memory.write(entryHpa(gpa, level), entry(gpa, level) & ~bits);
    }

    /** A data access of a user-mode address that the guest's tables let be written and executed. */
    long data(long gpa, Access access) {
        return data(gpa, access, 1 | 4 | 8);
    }

    long data(long gpa, Access access, int flags) {
        walk.secondStageReferences = 0;
        walk.outcome = WalkOutcome.TRANSLATED;
        return stage.translateData(gpa, access.rights(TwoStages.REGISTERS).need(access.kind()), flags, walk);
    }

    long table(long gpa) {
        walk.outcome = WalkOutcome.TRANSLATED;
        return stage.translateTable(gpa, walk);
    }
}
