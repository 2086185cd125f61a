package hvsim.vmm.memory.shadow;

import hvsim.tlb.Snapshot;
import java.util.ArrayDeque;
import java.util.Arrays;

/** One shadow table: what it is the shadow of, which frames it maps, and which entries lead to it. */
final class ShadowPage {
    static final int ENTRIES = 512;

    private static final int ENTRY_BYTES = 8;

    private final long hpa;
    private final Key key;

    /** By entry: the guest's frame that a leaf maps; empty until there is one. */
    private long[] gfns = {};

    private final ArrayDeque<Long> parents = new ArrayDeque<>();
    private int users;
    private int writes;
    private boolean outOfSync;

    /**
     * What a shadow table is made from. Two that agree in all of it would have the same entries.
     *
     * @param gfn frame of the guest's table; of a split page, its first frame
     * @param level 1 maps pages of 4 KiB
     * @param rights of the entries above; of a split page, the page's
     * @param split whether it stands for a large page of the guest's, in smaller ones
     * @param part which part of the guest's table, where that is larger; of a directory under PAE paging, which of the four
     *     it is used as
     */
    record Key(long gfn, int level, long rights, boolean split, int part, View view) {
        static final Key NONE = new Key(0, 0, 0, false, 0, View.AS_IS);

        /** The same table for other eyes. */
        Key seenAs(View other) {
            return new Key(gfn, level, rights, split, part, other);
        }

        static Key transfer(Key key, Snapshot snapshot) {
            return new Key(
                    snapshot.transfer(key.gfn),
                    snapshot.transfer(key.level),
                    snapshot.transfer(key.rights),
                    snapshot.transfer(key.split),
                    snapshot.transfer(key.part),
                    View.values()[snapshot.transfer(key.view.ordinal())]);
        }
    }

    ShadowPage(long hpa, Key key) {
        this.hpa = hpa;
        this.key = key;
    }

    long hpa() {
        return hpa;
    }

    Key key() {
        return key;
    }

    int level() {
        return key.level();
    }

    /** Machine address of an entry. */
    long entry(int index) {
        return hpa + (long) ENTRY_BYTES * index;
    }

    /** Which entry is at that machine address. */
    static int indexOf(long entryHpa) {
        return (int) (entryHpa & (long) ENTRIES * ENTRY_BYTES - 1) / ENTRY_BYTES;
    }

    long gfn(int index) {
        return gfns[index];
    }

    void setGfn(int index, long gfn) {
        if (gfns.length == 0) {
            gfns = new long[ENTRIES];
        }
        gfns[index] = gfn;
    }

    /** Machine addresses of the entries that lead here. */
    ArrayDeque<Long> parents() {
        return parents;
    }

    /** Whether neither an entry nor a processor leads here. */
    boolean isOrphan() {
        return parents.isEmpty() && users == 0;
    }

    /** Whether it is the root table of a virtual processor at present. */
    boolean isInUse() {
        return users > 0;
    }

    void use() {
        users++;
    }

    void leave() {
        users--;
    }

    /** Counts the guest's writes to the table since it was last used as one. */
    int countWrite() {
        return ++writes;
    }

    void forgetWrites() {
        writes = 0;
    }

    boolean isOutOfSync() {
        return outOfSync;
    }

    void setOutOfSync(boolean now) {
        outOfSync = now;
    }

    void transfer(Snapshot snapshot) {
        gfns = snapshot.transferResized(gfns);
        long[] from = snapshot.transferResized(
                parents.stream().mapToLong(Long::longValue).toArray());
        parents.clear();
        Arrays.stream(from).forEach(parents::add);
        users = snapshot.transfer(users);
        writes = snapshot.transfer(writes);
        outOfSync = snapshot.transfer(outOfSync);
    }
}
