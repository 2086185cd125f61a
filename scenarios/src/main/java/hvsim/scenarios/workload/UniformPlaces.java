package hvsim.scenarios.workload;

import org.apache.commons.rng.core.source64.XoShiRo256PlusPlus;

/** Runs of lines, each from a random line on; a run does not leave the working set. */
final class UniformPlaces implements Places {
    private static final int LINE_SHIFT = 6;

    private final XoShiRo256PlusPlus random;
    private final long starts;
    private final long runLines;
    private long line;
    private long left;

    UniformPlaces(long workingSetBytes, long runBytes, long seed) {
        random = Seeds.generator(seed);
        runLines = runBytes >>> LINE_SHIFT;
        starts = (workingSetBytes >>> LINE_SHIFT) - runLines + 1;
    }

    @Override
    public void next(long[] places, int count) {
        for (int i = 0; i < count; i++) {
            if (left == 0) {
                line = Seeds.scale(random.nextLong(), starts);
                left = runLines;
            }
            places[i] = line++ << LINE_SHIFT;
            left--;
        }
    }

    @Override
    public long[] position() {
        return Longs.join(new long[] {line, left}, Generator.state(random));
    }

    @Override
    public void seek(long[] position) {
        line = position[0];
        left = position[1];
        Generator.restore(random, Longs.from(position, 2));
    }
}
