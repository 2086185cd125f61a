package hvsim.cpu;

/** What is done with tables that a guest has registered, beside the hypercalls that ask for it, which are counted as such. */
public enum DirectEvent {
    /** An entry was changed, as a hypercall asked. */
    UPDATED,
    /** A change was refused: the entry was forged, or an address space is not registered. */
    REFUSED,
    /** A frame became a table: all its entries were looked at. */
    VALIDATED,
    /** A root table was registered. */
    PINNED,
    /** A write to a table has faulted, and was done as an update. */
    EMULATED_WRITE
}
