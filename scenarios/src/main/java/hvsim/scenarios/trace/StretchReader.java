package hvsim.scenarios.trace;

/** A stretch of a trace, read as if it were the whole. */
final class StretchReader implements TraceReader {
    private final TraceReader reader;
    private final long start;
    private final long length;

    /**
     * @param reader at the beginning of the trace
     * @param start references before the stretch
     * @param length references in it
     */
    StretchReader(TraceReader reader, long start, long length) {
        this.reader = reader;
        this.start = start;
        this.length = length;
        reader.skip(start);
    }

    @Override
    public int read(long[] words, int from, int references) {
        return reader.read(words, from, (int) Math.min(references, length - made()));
    }

    @Override
    public long made() {
        return Math.max(0, reader.made() - start);
    }

    @Override
    public void skip(long references) {
        reader.skip(Math.min(references, length - made()));
    }

    /** What was touched before the stretch is untouched for who begins with it. */
    @Override
    public boolean mayTouchNewPages() {
        return start > 0 || reader.mayTouchNewPages();
    }

    @Override
    public int threads() {
        return reader.threads();
    }

    @Override
    public long passedOver() {
        return reader.passedOver();
    }

    @Override
    public void close() {
        reader.close();
    }
}
