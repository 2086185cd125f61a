package hvsim.ept;

/** Why a walk stopped; which stage it was in follows from its {@link WalkOutcome}, the level from {@link Walk}. */
public enum StopCause {
    /** It did not: the address was translated. */
    NONE,
    /** The unused top bits of the linear address are not all like the highest used one. */
    NON_CANONICAL,
    /** An entry is not present. */
    NOT_PRESENT,
    /** A bit that must be 0 is set in an entry. */
    RESERVED_BIT,
    /** An entry of the second stage allows writing but not reading, or only execution on a processor without that. */
    IMPOSSIBLE_RIGHTS,
    /** An entry of the second stage has a memory type that does not exist. */
    MEMORY_TYPE,
    /** The guest-physical address has more bits than the second stage translates. */
    ADDRESS_WIDTH,
    /** All entries together allow no such access. */
    RIGHTS,
    /** PKRU forbids such an access to pages with the leaf's protection key, and nothing else does. */
    PROTECTION_KEY
}
