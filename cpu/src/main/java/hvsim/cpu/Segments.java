package hvsim.cpu;

import hvsim.tlb.Snapshot;

/** How far the segments in force reach: their last addresses, for data and for code. */
final class Segments {
    private long dataLimit = GuestRing.NO_LIMIT;
    private long codeLimit = GuestRing.NO_LIMIT;

    /** Those of guests in that ring are in force. */
    void enter(GuestRing ring) {
        dataLimit = ring.segmentLimit();
        codeLimit = ring.codeLimit();
    }

    boolean reach(int kind, long gva) {
        return gva <= (kind == GuestOp.FETCH ? codeLimit : dataLimit);
    }

    /** A data segment without limit is used. Returns what {@link #restoreLimit} takes. */
    long liftLimit() {
        long limit = dataLimit;
        dataLimit = GuestRing.NO_LIMIT;
        return limit;
    }

    void restoreLimit(long limit) {
        dataLimit = limit;
    }

    void transfer(Snapshot snapshot) {
        dataLimit = snapshot.transfer(dataLimit);
        codeLimit = snapshot.transfer(codeLimit);
    }
}
