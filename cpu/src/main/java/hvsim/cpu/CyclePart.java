package hvsim.cpu;

/** What a core's cycles are spent on; the parts add up to the clock. */
public enum CyclePart {
    /** The program, the guest's kernel, and the delivery of faults to it. */
    GUEST_WORK,
    /** Waiting for data and fetched code of guests that the first level of the memory hierarchy does not have. */
    MEMORY,
    /** Hits of guests on the second level of the TLB. */
    TLB_SECOND_LEVEL,
    /** Reading entries of guests' (or native) tables. */
    GUEST_WALK,
    /** Reading entries of the second stage's tables. */
    SECOND_STAGE_WALK,
    /** VM exits and VM entries. */
    TRANSITIONS,
    /** Everything in root mode, its own TLB misses included; and all that a hypervisor does that is a guest itself. */
    HYPERVISOR,
    /** What others do for the hypervisor, or in its place: the host's kernel, processes and applications. */
    HOST,
    /** Nothing to run. */
    IDLE
}
