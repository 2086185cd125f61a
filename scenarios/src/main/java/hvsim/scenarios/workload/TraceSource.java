package hvsim.scenarios.workload;

import hvsim.cpu.GuestOp;
import hvsim.scenarios.trace.Trace;
import hvsim.scenarios.trace.TraceReader;

/** One process' way through a trace: a reader that starts somewhere and may start again. */
final class TraceSource implements ReferenceSource {
    private final Trace trace;
    private final Placement placement;
    private final long start;
    private final boolean repeat;
    private TraceReader reader;
    private long made;
    private long length;
    private boolean mayTouchNewPages;

    TraceSource(Trace trace, Placement placement, long start, boolean repeat) {
        this.trace = trace;
        this.placement = placement;
        this.start = start;
        this.repeat = repeat;
        this.reader = trace.reader();
        reader.skip(start);
    }

    @Override
    public int fill(long[] words, int from, int references) {
        int n = from;
        mayTouchNewPages = false;
        for (int left = references; left > 0; ) {
            boolean seenAll = length > 0 && made >= length;
            long before = reader.made();
            int first = n;
            n = reader.read(words, n, left);
            if (placement.folds()) {
                fold(words, first, n);
            }
            int read = (int) (reader.made() - before);
            mayTouchNewPages |= !seenAll && (start > 0 || reader.mayTouchNewPages());
            made += read;
            left -= read;
            if (left > 0) {
                length = reader.made();
                if (!repeat || length == 0) {
                    break;
                }
                reopen();
            }
        }
        return n;
    }

    /** Addresses keep the bits that the program's address space has for them. */
    private void fold(long[] words, int from, int end) {
        for (int i = from; i < end; i += GuestOp.words(words[i])) {
            int address = GuestOp.kind(words[i]) == GuestOp.WIDE ? i + 1 : i;
            words[address] &= placement.traceMask() | ~GuestOp.GVA_MASK;
        }
    }

    @Override
    public long made() {
        return made;
    }

    @Override
    public boolean mayTouchNewPages() {
        return mayTouchNewPages;
    }

    @Override
    public long pagesAtMost(int pageShift) {
        return Long.MAX_VALUE;
    }

    @Override
    public long[] position() {
        return new long[] {made, reader.made(), length};
    }

    @Override
    public void seek(long[] position) {
        made = position[0];
        length = position[2];
        reopen();
        reader.skip(position[1]);
    }

    @Override
    public void close() {
        reader.close();
    }

    private void reopen() {
        reader.close();
        reader = trace.reader();
    }
}
