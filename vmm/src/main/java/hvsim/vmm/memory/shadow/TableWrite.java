package hvsim.vmm.memory.shadow;

/** What a write of the guest's does to its shadow tables. */
public enum TableWrite {
    /** Nothing: it is none to a table that is kept in step. */
    NONE,
    /** What they have of the entry goes. */
    EMPTIES,
    /** They have the same page as before, with the rights that the entry gives now. */
    KEEPS_PAGE,
    /** More than that: a page has to be found, or tables go. */
    CHANGES_MORE;

    TableWrite and(TableWrite other) {
        return other.ordinal() > ordinal() ? other : this;
    }
}
