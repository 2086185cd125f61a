package hvsim.ept;

/** How a walk ended. */
public enum WalkOutcome {
    TRANSLATED,
    /** Not a canonical address: #GP, before any table is read. */
    NON_CANONICAL,
    /** #PF by the guest's tables. */
    PAGE_FAULT,
    EPT_VIOLATION,
    EPT_MISCONFIGURATION
}
