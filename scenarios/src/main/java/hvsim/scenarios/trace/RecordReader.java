package hvsim.scenarios.trace;

import hvsim.cpu.GuestOp;

/** Reads formats whose records make any number of references. */
abstract class RecordReader implements TraceReader {
    /** What the references of one record take at most. */
    static final int MOST_WORDS = 16;

    private static final int SKIPPED_AT_ONCE = 1024;

    private final TraceBytes bytes;
    private final long[] record = new long[MOST_WORDS];
    private int next;
    private int end;
    private long made;

    RecordReader(TraceBytes bytes) {
        this.bytes = bytes;
    }

    /** Writes the next references from index 0 on; their words, 0 at the end of the trace. */
    abstract int next(long[] into);

    final TraceBytes bytes() {
        return bytes;
    }

    @Override
    public final int read(long[] words, int from, int references) {
        int n = from;
        for (int left = references; left > 0; left--) {
            if (next == end) {
                next = 0;
                end = next(record);
                if (end == 0) {
                    break;
                }
            }
            for (int take = GuestOp.words(record[next]); take > 0; take--) {
                words[n++] = record[next++];
            }
            made++;
        }
        return n;
    }

    @Override
    public final long made() {
        return made;
    }

    @Override
    public final void skip(long references) {
        long[] words = new long[Words.MOST * SKIPPED_AT_ONCE];
        long left = references;
        while (left > 0 && read(words, 0, (int) Math.min(left, SKIPPED_AT_ONCE)) > 0) {
            left -= SKIPPED_AT_ONCE;
        }
    }

    @Override
    public final boolean mayTouchNewPages() {
        return true;
    }

    @Override
    public final void close() {
        bytes.close();
    }
}
