package hvsim.scenarios.workload;

/**
 * When one kind of event happens: once in each stretch of operations/count, at a seeded random place of it.
 *
 * <p>Stretch {@code i} is operations {@code floor(i * per / count)} to {@code floor((i + 1) * per / count) - 1},
 * kept as whole part and remainder. Two kinds may want the same operation; then the later in the list comes one
 * operation later. As the last places of a stretch are not drawn, one for each other kind, it still comes within
 * its stretch, and the counts are exact.
 */
final class Schedule {
    private final long count;
    private final long per;
    private final long limit;
    private final int others;
    private final long seed;
    private long index;
    private long stretch;
    private long remainder;
    private long next;

    /**
     * @param first the operation that the first stretch begins at
     * @param count events in {@code per} operations
     * @param limit events in all
     * @param others how many other schedules the program has
     */
    Schedule(long first, long count, long per, long limit, int others, long seed) {
        this.stretch = first;
        this.count = count;
        this.per = per;
        this.limit = count == 0 ? 0 : limit;
        this.others = others;
        this.seed = seed;
        draw();
    }

    /** The operation before which nothing of this kind happens; {@code Long.MAX_VALUE} after the last. */
    long next() {
        return next;
    }

    /** Events so far. */
    long index() {
        return index;
    }

    /** A random number that belongs to the next event. */
    long random() {
        return Seeds.at(seed, 2 * index + 1);
    }

    /** The next event has happened. */
    void advance() {
        index++;
        remainder += per % count;
        stretch += per / count + remainder / count;
        remainder %= count;
        draw();
    }

    long[] position() {
        return new long[] {index, stretch, remainder};
    }

    void seek(long index, long stretch, long remainder) {
        this.index = index;
        this.stretch = stretch;
        this.remainder = remainder;
        draw();
    }

    private void draw() {
        if (index >= limit) {
            next = Long.MAX_VALUE;
            return;
        }
        long length = per / count + (remainder + per % count) / count;
        next = stretch + Seeds.scale(Seeds.at(seed, 2 * index), Math.max(1, length - others));
    }
}
