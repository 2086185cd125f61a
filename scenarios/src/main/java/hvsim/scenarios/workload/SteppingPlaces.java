package hvsim.scenarios.workload;

import hvsim.scenarios.trace.Parts;

/** Sequential, stride and loop: equal steps through the working set, over and over. */
final class SteppingPlaces implements Places {
    private final long stepBytes;
    private final long endBytes;
    private long at;

    /** Steps {@code stepBytes} over a working set; process {@code process} of {@code processes} starts at its part of the way. */
    SteppingPlaces(long stepBytes, long workingSetBytes, int process, int processes) {
        long steps = (workingSetBytes + stepBytes - 1) / stepBytes;
        this.stepBytes = stepBytes;
        this.endBytes = steps * stepBytes;
        this.at = Parts.start(steps, process, processes) * stepBytes;
    }

    @Override
    public void next(long[] places, int count) {
        long place = at;
        for (int i = 0; i < count; i++) {
            places[i] = place;
            place += stepBytes;
            place = place == endBytes ? 0 : place;
        }
        at = place;
    }

    @Override
    public long[] position() {
        return new long[] {at};
    }

    @Override
    public void seek(long[] position) {
        at = position[0];
    }
}
