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

    /** A place at or behind {@link #position} without fetches in between: see {@link #nextFetch}. */
    private int noFetchBefore;

    /** Whether writes are looked at before they are made: {@link KernelTranslation#goPastFetch}. */
    boolean checksWrites;

    public Program(int capacity) {
        words = new long[capacity];
    }

    /** Starts a new program: nothing in it, standing at its beginning. */
    public Program clear() {
        position = 0;
        length = 0;
        lookedAt = 0;
        lastFetch = NO_FETCH;
        noFetchBefore = 0;
        checksWrites = false;
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

    /** Place of the next fetch from where it stands, or its length. */
    int nextFetch() {
        int at = Math.max(noFetchBefore, position);
        while (at < length && GuestOp.kind(words[at]) != GuestOp.FETCH) {
            at += GuestOp.words(words[at]);
        }
        noFetchBefore = at;
        return at;
    }

    /** Place of the next write of a few bytes from where it stands, or {@code end}. */
    int nextWrite(int end) {
        int at = position;
        while (at < end && !isWrite(GuestOp.kind(words[at]))) {
            at += GuestOp.words(words[at]);
        }
        return Math.min(at, end);
    }

    static boolean isWrite(int kind) {
        return kind == GuestOp.WRITE || kind == GuestOp.MODIFY;
    }

    /** The header of the operation under way. */
    long standsAt() {
        return words[position];
    }

    /** Bytes of the memory reference that it stands at; 0 if it stands at none. */
    int referencedBytes() {
        if (isDone()) {
            return 0;
        }
        long word = words[position];
        int kind = GuestOp.kind(word);
        if (kind == GuestOp.WIDE) {
            return GuestOp.wideSizeBytes(word);
        }
        return kind < GuestOp.WIDE ? GuestOp.sizeBytes(word) : 0;
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
        noFetchBefore = snapshot.transfer(noFetchBefore);
        checksWrites = snapshot.transfer(checksWrites);
    }
}
