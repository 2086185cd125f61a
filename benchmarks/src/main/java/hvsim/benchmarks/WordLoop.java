package hvsim.benchmarks;

import hvsim.cpu.GuestOp;
import hvsim.cpu.OpStream;
import java.util.Arrays;

/**
 * A program held in memory that runs over and over: a first round that maps its pages, then rounds of the same
 * references alone. A MARK word ends each round, where the core stops.
 */
final class WordLoop implements OpStream {
    private final long[] firstRound;
    private final long[] round;
    private long[] words;
    private int position;

    /**
     * @param firstRound with PREMAP words; addresses are of user space, so that no address looks like the header
     *     of an operation of two words
     * @param length of it; what comes after is not used
     */
    WordLoop(long[] firstRound, int length) {
        this.firstRound = new long[length + 1];
        System.arraycopy(firstRound, 0, this.firstRound, 0, length);
        this.firstRound[length] = GuestOp.mark(0);
        this.round = withoutPremaps(this.firstRound);
        this.words = this.firstRound;
    }

    private static long[] withoutPremaps(long[] words) {
        long[] kept = new long[words.length];
        int n = 0;
        for (long word : words) {
            if (GuestOp.kind(word) != GuestOp.PSEUDO || !GuestOp.isPremap(word)) {
                kept[n++] = word;
            }
        }
        return Arrays.copyOf(kept, n);
    }

    /** References of a round. */
    int references() {
        int n = 0;
        for (int i = 0; i < round.length - 1; i += GuestOp.words(round[i])) {
            n++;
        }
        return n;
    }

    /** The words of a round, without its MARK. */
    long[] round() {
        return Arrays.copyOf(round, round.length - 1);
    }

    /** Whether every page has been mapped. */
    boolean isPastFirstRound() {
        return words == round;
    }

    @Override
    public int fill(long[] batch) {
        if (position == words.length) {
            words = round;
            position = 0;
        }
        int n = Math.min(batch.length, words.length - position);
        if (GuestOp.words(words[position + n - 1]) == 2) {
            n--;
        }
        System.arraycopy(words, position, batch, 0, n);
        position += n;
        return n;
    }

    @Override
    public long[] position() {
        return new long[] {words == round ? 1 : 0, position};
    }

    @Override
    public void seek(long[] to) {
        words = to[0] == 1 ? round : firstRound;
        position = (int) to[1];
    }
}
