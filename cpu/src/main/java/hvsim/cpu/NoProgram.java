package hvsim.cpu;

/** In place of a workload while no virtual processor is loaded. */
final class NoProgram implements OpStream {
    @Override
    public int fill(long[] batch) {
        return 0;
    }

    @Override
    public long[] position() {
        return new long[0];
    }

    @Override
    public void seek(long[] position) {
        // nowhere to go
    }
}
