package hvsim.cpu;

import hvsim.tlb.Snapshot;
import java.util.Arrays;

/** A short program of operations, with the place where it stands: what a kernel or a hypervisor runs. */
public final class Program {
    static final long NO_FETCH = Long.MIN_VALUE;

    long[] words;
    int position;
    int length;

    /** Operations before this place were looked at for fetches; the last one found is {@link #lastFetch}. */
    private int lookedAt;

    private long lastFetch = NO_FETCH;

    public Program(int capacity) {
        words = new long[capacity];
    }

    /** Starts a new program: nothing in it, standing at its beginning. */
    public Program clear() {
        position = 0;
        length = 0;
        lookedAt = 0;
        lastFetch = NO_FETCH;
        return this;
    }

    public Program add(long word) {
        if (length == words.length) {
            words = Arrays.copyOf(words, 2 * length);
        }
        words[length++] = word;
        return this;
    }

    public Program add(long header, long payload) {
        return add(header).add(payload);
    }

    /** Address of the last fetch that was executed, or {@link #NO_FETCH}. */
    long lastFetch() {
        while (lookedAt < position) {
            if (GuestOp.kind(words[lookedAt]) == GuestOp.FETCH) {
                lastFetch = GuestOp.canonical(words[lookedAt]);
            }
            lookedAt += GuestOp.words(words[lookedAt]);
        }
        return lastFetch;
    }

    boolean isDone() {
        return position >= length;
    }

    void transfer(Snapshot snapshot) {
        words = snapshot.transferResized(words);
        position = snapshot.transfer(position);
        length = snapshot.transfer(length);
        lookedAt = snapshot.transfer(lookedAt);
        lastFetch = snapshot.transfer(lastFetch);
    }
}
