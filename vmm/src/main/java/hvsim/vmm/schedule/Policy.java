package hvsim.vmm.schedule;

/** Who of those that wait on a core is next. */
public enum Policy {
    /** Who has waited longest. */
    ROUND_ROBIN,
    /** Who has had the least time by its weight; ties: who has waited longest. */
    PROPORTIONAL_SHARE
}
