package hvsim.ept;

/** How a walk ended. */
public enum WalkOutcome {
    TRANSLATED,
    /** Not a canonical address: #GP, before any table is read. */
    NON_CANONICAL,
    /** #PF by the guest's tables. */
    PAGE_FAULT,
    EPT_VIOLATION,
    EPT_MISCONFIGURATION,
    /** The page-modification log is full, and a flag of the second stage has to be set. */
    PML_FULL,
    /** The table of sub-page write permissions has no entry for the address of a write. */
    SPP_MISS,
    /** An entry of the table of sub-page write permissions has a reserved bit set. */
    SPP_MISCONFIGURATION,
    /** A page-directory-pointer-table entry has a reserved bit set when CR3 is loaded with PAE paging: #GP. */
    RESERVED_PDPTE
}
