package hvsim.cpu;

/** A program from an array. */
final class Words implements OpStream {
    private final long[] words;
    private boolean done;

    Words(long... words) {
        this.words = words;
    }

    @Override
    public int fill(long[] batch) {
        if (done) {
            return 0;
        }
        done = true;
        System.arraycopy(words, 0, batch, 0, words.length);
        return words.length;
    }

    @Override
    public long[] position() {
        return new long[] {done ? 1 : 0};
    }

    @Override
    public void seek(long[] position) {
        done = position[0] != 0;
    }
}
