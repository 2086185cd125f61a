package hvsim.ept;

import hvsim.tlb.SetIndex;
import hvsim.tlb.Snapshot;
import hvsim.tlb.TlbTag;
import hvsim.tlb.TranslationCache;

/**
 * The paging-structure caches of one stage: for a region of addresses, where the table that maps it is.
 *
 * <pre>
 *   PDE cache    address bits 56:21 -> the PT         leaves 1 level to read
 *   PDPTE cache              56:30 -> the PD         leaves 2
 *   PML4E cache              56:39 -> the PDPT       leaves 3
 *   PML5E cache              56:48 -> the PML4       leaves 4, with 5 levels
 * </pre>
 *
 * Looked up deepest first; the first hit ends the search (SDM vol. 3, 4.10.3).
 */
final class StructureCaches {
    /** By the level of the table they lead to: 1 is the PDE cache. */
    private final TranslationCache[] leadingTo = new TranslationCache[PageTable.MAX_LEVELS];

    private final boolean none;
    private long found;

    StructureCaches(WalkSpec.StructureCache spec) {
        leadingTo[1] = fullyAssociative(spec.pde());
        leadingTo[2] = fullyAssociative(spec.pdpte());
        leadingTo[3] = fullyAssociative(spec.pml4e());
        leadingTo[4] = fullyAssociative(spec.pml5e());
        none = spec.pde() + spec.pdpte() + spec.pml4e() + spec.pml5e() == 0;
    }

    static TranslationCache fullyAssociative(int entries) {
        return entries == 0 ? TranslationCache.none() : new TranslationCache(entries, entries, SetIndex.MASK);
    }

    /** Level of the lowest table that is known for {@code address}, made most recent; {@code levels} if none below it is. */
    int deepest(long address, int tag, int levels) {
        for (int level = none ? levels : 1; level < levels; level++) {
            int slot = leadingTo[level].findAndTouch(key(address, level, tag));
            if (slot >= 0) {
                found = leadingTo[level].value(slot);
                return level;
            }
        }
        return levels;
    }

    /** Whether there are no such caches, so that nothing needs to be prepared for them. */
    boolean isNone() {
        return none;
    }

    /** What is remembered of the table that {@link #deepest} found last. */
    long found() {
        return found;
    }

    /** Remembers where the table of {@code level} is; it was not known. */
    void insert(long address, int level, int tag, long value) {
        leadingTo[level].insert(key(address, level, tag), value);
    }

    void removeTags(boolean[] marked) {
        for (int level = 1; level < PageTable.MAX_LEVELS; level++) {
            leadingTo[level].removeTags(marked);
        }
    }

    void removeAddress(long address, boolean[] marked) {
        for (int tag = 0; tag < marked.length; tag++) {
            if (marked[tag]) {
                forget(address, tag);
            }
        }
    }

    /** Removes what leads to the tables of one address. */
    void forget(long address, int tag) {
        for (int level = 1; level < PageTable.MAX_LEVELS; level++) {
            leadingTo[level].remove(key(address, level, tag));
        }
    }

    void clear() {
        for (int level = 1; level < PageTable.MAX_LEVELS; level++) {
            leadingTo[level].clear();
        }
    }

    private static long key(long address, int level, int tag) {
        return TlbTag.key(address, PageTable.shift(level + 1), 0, tag);
    }

    void transfer(Snapshot snapshot) {
        for (int level = 1; level < PageTable.MAX_LEVELS; level++) {
            leadingTo[level].transfer(snapshot);
        }
    }
}
