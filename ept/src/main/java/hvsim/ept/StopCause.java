package hvsim.ept;

/** Why a walk was stopped at an entry. */
public enum StopCause {
    /** Not stopped. */
    NONE,
    /** The address is wider than the tables' levels can translate; no entry was read. */
    ADDRESS_WIDTH,
    NOT_PRESENT,
    RESERVED_BIT,
    /** Of the second stage: writable, but not readable. */
    WRITE_WITHOUT_READ,
    /** Of the second stage: executable, but not readable, on a processor without such pages. */
    EXECUTE_ONLY,
    /** Of the second stage: there is no such memory type. */
    MEMORY_TYPE,
    /** All entries together do not allow the access. */
    RIGHTS,
    /** The page-modification log has no room for a flag that has to be set. */
    LOG_FULL,
    /** The sub-page permissions do not allow the write. */
    SUB_PAGE
}
