package hvsim.vmm.schedule;

/** Who of those that wait on a core is next. */
public enum Policy {
    /** Who has waited longest; who runs keeps the core until its slice is over. */
    ROUND_ROBIN,
    /**
     * Who has had the least time by its weight; ties: who has waited longest. Who wakes does not wait for the end of a
     * slice if it has had less than who runs.
     */
    PROPORTIONAL_SHARE;

    /** Whether one goes before another, who has waited longer or runs, by the time that they have had. */
    boolean prefers(long had, long hadByOther) {
        return switch (this) {
            case ROUND_ROBIN -> false;
            case PROPORTIONAL_SHARE -> had < hadByOther;
        };
    }
}
