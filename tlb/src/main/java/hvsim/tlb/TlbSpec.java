package hvsim.tlb;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The shape of a processor's TLBs.
 *
 * @param parts in the order they are looked up
 * @param fractureFlush whether INVLPG drops the whole address space while a piece of a cut page is cached
 */
public record TlbSpec(List<Part> parts, boolean fractureFlush) {
    public TlbSpec {
        parts = List.copyOf(parts);
    }

    /** What kind of access a part serves. */
    public enum Holds {
        FETCH,
        DATA,
        ALL
    }

    /**
     * One array.
     *
     * @param name of the TLB it counts as; parts of one name are looked up together
     * @param level 1, or 2 for those asked after a miss in the first
     * @param ways entries of one set; {@code entries} for a fully associative part
     * @param hitCycles what a hit costs; 0 on level 1, where it hides in the access
     * @param seed of random replacement; of no meaning to the others
     */
    public record Part(
            String name,
            int level,
            Holds holds,
            Set<PageSize> pages,
            int entries,
            int ways,
            SetIndex setIndex,
            int hitCycles,
            Replacement replacement,
            long seed) {
        public Part {
            if (level != 1 && level != 2) {
                throw new IllegalArgumentException(name + ": level " + level + " is neither 1 nor 2");
            }
            if (level == 1 && hitCycles != 0) {
                throw new IllegalArgumentException(name + ": a hit on level 1 costs nothing");
            }
            if (pages.isEmpty()) {
                throw new IllegalArgumentException(name + ": holds no page size");
            }
            replacement.checkWays(ways);
            pages = Collections.unmodifiableSet(EnumSet.copyOf(pages));
        }

        /** Replaces the least recently used. */
        public Part(
                String name,
                int level,
                Holds holds,
                Set<PageSize> pages,
                int entries,
                int ways,
                SetIndex setIndex,
                int hitCycles) {
            this(name, level, holds, pages, entries, ways, setIndex, hitCycles, Replacement.LRU, 0);
        }

        TranslationCache store() {
            return new TranslationCache(entries, ways, setIndex, replacement, seed);
        }

        boolean serves(Holds kind) {
            return holds == Holds.ALL || holds == kind;
        }
    }
}
