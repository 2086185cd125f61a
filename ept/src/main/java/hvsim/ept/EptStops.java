package hvsim.ept;

/**
 * How a walk of the second stage ends that comes to no mapping: what the walk's result then says. Each returns NONE,
 * for the caller to return.
 */
final class EptStops {
    private static final long QUALIFICATION_SPP_MISS = 1 << 11;

    private EptStops() {}

    /** An address that so few levels do not translate; no entry says that it may be a virtualization exception. */
    static long beyondReach(long gpa, int need, long origin, Walk walk) {
        walk.convertible = false;
        walk.qualification = EptViolation.qualification(need, 0, origin);
        return stop(gpa, WalkOutcome.EPT_VIOLATION, StopCause.ADDRESS_WIDTH, 0, walk);
    }

    /** By an entry that is not present or malformed. */
    static long unusable(long gpa, int need, long origin, EptFormat format, long entry, int level, Walk walk) {
        return format.isPresent(entry)
                ? stop(gpa, WalkOutcome.EPT_MISCONFIGURATION, format.misconfiguration(entry, level), level, walk)
                : violation(gpa, need, 0, origin, StopCause.NOT_PRESENT, entry, level, walk);
    }

    /** The entry of {@code level} decided; it also says whether this may become a virtualization exception. */
    static long violation(
            long gpa, int need, long rights, long origin, StopCause cause, long entry, int level, Walk walk) {
        walk.convertible = (entry & EptEntry.SUPPRESS_VE) == 0;
        walk.qualification = EptViolation.qualification(need, rights, origin);
        return stop(gpa, WalkOutcome.EPT_VIOLATION, cause, level, walk);
    }

    /** The tables of sub-page permissions say nothing of the page, or something malformed. */
    static long subPageTables(long gpa, WalkOutcome outcome, int level, Walk walk) {
        boolean miss = outcome == WalkOutcome.SPP_MISS;
        walk.qualification = miss ? QUALIFICATION_SPP_MISS : 0;
        return stop(gpa, outcome, miss ? StopCause.NOT_PRESENT : StopCause.RESERVED_BIT, level, walk);
    }

    /** A flag may not be set, because there is no room to log the page. */
    static long logFull(long gpa, int level, Walk walk) {
        return stop(gpa, WalkOutcome.PML_FULL, StopCause.LOG_FULL, level, walk);
    }

    private static long stop(long gpa, WalkOutcome outcome, StopCause cause, int level, Walk walk) {
        walk.gpa = gpa;
        walk.stop(outcome, cause, level);
        return SecondStageMapping.NONE;
    }
}
