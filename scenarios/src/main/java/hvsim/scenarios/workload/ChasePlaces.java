package hvsim.scenarios.workload;

import hvsim.scenarios.trace.Parts;

/** One place in every stride of the working set, in a scattered order, over and over. */
final class ChasePlaces implements Places {
    private final long stride;
    private final long count;
    private final Scatter scatter;
    private long index;

    ChasePlaces(long workingSetBytes, long strideBytes, long seed, int process, int processes) {
        stride = strideBytes;
        count = workingSetBytes / strideBytes;
        scatter = new Scatter(count, seed);
        index = Parts.start(count, process, processes);
    }

    @Override
    public void next(long[] places, int wanted) {
        for (int i = 0; i < wanted; i++) {
            places[i] = scatter.of(index) * stride;
            index = index + 1 == count ? 0 : index + 1;
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
