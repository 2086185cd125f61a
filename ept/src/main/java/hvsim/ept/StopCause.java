package hvsim.ept;

/** Why a walk stopped; which stage it was in follows from its {@link WalkOutcome}, the level from {@link Walk}. */
public enum StopCause {
    /** It did not: the address was translated. */
    NONE,
    /** The unused top bits of the linear address are not all like the highest used one. */
    NON_CANONICAL,
    /** Of the second stage: the guest-physical address has more bits than its levels translate. */
    ADDRESS_WIDTH,
    /** An entry is not present. */
    NOT_PRESENT,
    /** A bit that must be 0 is set in an entry. */
    RESERVED_BIT,
    /** Of the second stage: writable, but not readable. */
    WRITE_WITHOUT_READ,
    /** Of the second stage: executable, but not readable, on a processor without such pages. */
    EXECUTE_ONLY,
    /** Of the second stage: there is no such memory type. */
    MEMORY_TYPE,
    /** All entries together allow no such access. */
    RIGHTS,
    /** PKRU forbids such an access to pages with the leaf's protection key, and nothing else does. */
    PROTECTION_KEY,
    /** The page-modification log has no room for a flag that has to be set. */
    LOG_FULL,
    /** The sub-page permissions do not allow the write. */
    SUB_PAGE
}
