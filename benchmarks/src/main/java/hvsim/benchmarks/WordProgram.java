package hvsim.benchmarks;

import hvsim.cpu.OpStream;

/** A program held in memory that runs once; its operations take one word each. */
final class WordProgram implements OpStream {
    private final long[] words;
    private int position;

    WordProgram(long[] words) {
        this.words = words;
    }

    @Override
    public int fill(long[] batch) {
        int n = Math.min(batch.length, words.length - position);
        System.arraycopy(words, position, batch, 0, n);
        position += n;
        return n;
    }

    @Override
    public long[] position() {
        return new long[] {position};
    }

    @Override
    public void seek(long[] to) {
        position = (int) to[0];
    }
}
