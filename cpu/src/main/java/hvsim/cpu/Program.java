package hvsim.cpu;

import hvsim.tlb.Snapshot;
import java.util.Arrays;

/** A short program of operations, with the place where it stands: what a kernel or a hypervisor runs. */
public final class Program {
    long[] words;
    int position;
    int length;

    public Program(int capacity) {
        words = new long[capacity];
    }

    /** Starts a new program: nothing in it, standing at its beginning. */
    public Program clear() {
        position = 0;
        length = 0;
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

    boolean isDone() {
        return position >= length;
    }

    void transfer(Snapshot snapshot) {
        words = snapshot.transferResized(words);
        position = snapshot.transfer(position);
        length = snapshot.transfer(length);
    }
}
