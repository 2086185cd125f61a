package hvsim.ept;

/** How a walk ended. */
public enum WalkOutcome {
    TRANSLATED,
    /** Not a canonical address: #GP, before any table is read. */
    NON_CANONICAL,
    /** #PF by the guest's tables. */
    PAGE_FAULT,
    /** A page-directory-pointer-table entry has a reserved bit set when CR3 is loaded with PAE paging: #GP. */
    RESERVED_PDPTE,
    EPT_VIOLATION,
    EPT_MISCONFIGURATION
}
