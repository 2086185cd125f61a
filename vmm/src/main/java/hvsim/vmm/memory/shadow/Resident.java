package hvsim.vmm.memory.shadow;

import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import java.util.List;

/**
 * Entries of tables that are the hypervisor's own: where its guests are deprivileged, it lives in their address spaces, out
 * of their reach as a supervisor's pages are, or behind segment limits. They are in every root table; under PAE paging in
 * the last of the four directories, for the table above has entries of 1 GiB.
 *
 * @param level of those tables
 * @param part which of the directories; 0 for a root table
 * @param first the place of the first of them; the others follow
 */
public record Resident(int level, int part, int first, List<Long> entries) {
    public static final Resident NONE = new Resident(0, 0, 0, List.of());

    private static final int DIRECTORIES = 4;

    public Resident {
        entries = List.copyOf(entries);
    }

    /** Entries of {@code level} for the addresses from {@code first} on. */
    public static Resident of(long first, int level, List<Long> entries) {
        int place = (int) (first >>> PageTable.shift(level)) & PageTable.ENTRIES - 1;
        int part = level == ShadowRoots.DIRECTORY_LEVEL
                ? (int) (first >>> PageTable.shift(level + 1)) & DIRECTORIES - 1
                : 0;
        return new Resident(level, part, place, entries);
    }

    boolean is(ShadowPage page, int place) {
        return isIn(page) && holds(place);
    }

    private boolean isIn(ShadowPage page) {
        return page.level() == level && page.key().part() == part;
    }

    /** Whether the entry at that place of such a table is one of them. */
    public boolean holds(int place) {
        return place >= first && place < first + entries.size();
    }

    /** The entry at a place that is one of theirs. */
    public long entry(int place) {
        return entries.get(place - first);
    }

    /** A table that nobody uses yet gets them, or what an earlier use has left of them goes. */
    void prepare(PhysicalMemory memory, ShadowPage page) {
        for (int place = first; place < first + entries.size(); place++) {
            memory.write(page.entry(place), isIn(page) ? entry(place) : 0);
        }
    }

    /** Writes them into the table at a machine address. */
    public void write(PhysicalMemory memory, long tableHpa) {
        for (int place = first; place < first + entries.size(); place++) {
            memory.write(tableHpa + (long) Long.BYTES * place, entry(place));
        }
    }
}
