package hvsim.scenarios.workload;

import hvsim.scenarios.trace.Parts;

/** Every line of the working set once, in a scattered order, over and over. */
final class ChasePlaces implements Places {
    private static final int LINE_SHIFT = 6;

    private final long lines;
    private final Scatter scatter;
    private long index;

    ChasePlaces(long workingSetBytes, long seed, int process, int processes) {
        lines = workingSetBytes >>> LINE_SHIFT;
        scatter = new Scatter(lines, seed);
        index = Parts.start(lines, process, processes);
    }

    @Override
    public void next(long[] places, int count) {
        for (int i = 0; i < count; i++) {
            places[i] = scatter.of(index) << LINE_SHIFT;
            index = index + 1 == lines ? 0 : index + 1;
        }
    }

    @Override
    public long[] position() {
        return new long[] {index};
    }

    @Override
    public void seek(long[] position) {
        index = position[0];
    }
}
