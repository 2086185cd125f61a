package hvsim.ept;

/** How a walk of the guest's tables ends in a page fault: what the walk's result then says. Each returns false. */
final class PageFaults {
    private PageFaults() {}

    /** @param fault bits of the error code that the access gives */
    static boolean notPresent(int fault, int level, Walk walk) {
        return stop(fault, StopCause.NOT_PRESENT, level, walk);
    }

    /** By an entry that neither points to a table nor maps a page. */
    static boolean unusable(long entry, int fault, int level, Walk walk) {
        return GuestEntry.isPresent(entry)
                ? stop(fault | PageFaultCode.PRESENT | PageFaultCode.RESERVED, StopCause.RESERVED_BIT, level, walk)
                : notPresent(fault, level, walk);
    }

    /** If a protection key forbids it, the error code says so, whatever else forbids it (SDM vol. 3, 4.7). */
    static boolean forbidden(boolean byRights, boolean byKey, int fault, int level, Walk walk) {
        int code = fault | PageFaultCode.PRESENT | (byKey ? PageFaultCode.PROTECTION_KEY : 0);
        return stop(code, byRights ? StopCause.RIGHTS : StopCause.PROTECTION_KEY, level, walk);
    }

    private static boolean stop(int errorCode, StopCause cause, int level, Walk walk) {
        walk.errorCode = errorCode;
        return walk.stop(WalkOutcome.PAGE_FAULT, cause, level);
    }
}
