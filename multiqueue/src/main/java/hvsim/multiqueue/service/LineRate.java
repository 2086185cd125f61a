package hvsim.multiqueue.service;

import hvsim.tlb.Snapshot;

/**
 * How long bytes take on a line. What a cycle is too coarse for is carried over to the next frame, so that nothing is
 * lost over any number of frames.
 */
public final class LineRate {
    /** Preamble and start 8, checksum 4, gap 12 (IEEE 802.3, 3.1.1 and 4.4.2). */
    private static final int ETHERNET_OVERHEAD = 24;

    /** Without checksum; shorter frames are padded. */
    private static final int ETHERNET_LEAST = 60;

    private final long bitsPerSecond;
    private final long clockHz;
    private final int overheadBytes;
    private final int leastBytes;
    private long remainder;

    /** Of the frame before, which most are as long as: what it takes without what was carried over. */
    private long knownBytes = -1;

    private long knownCycles;
    private long knownRemainder;

    private LineRate(long bitsPerSecond, long clockHz, int overheadBytes, int leastBytes) {
        if (bitsPerSecond < 1 || clockHz < 1 || clockHz > 9_000_000_000L) {
            throw new IllegalArgumentException("a line has a rate above 0, and a machine a clock of up to 9 GHz");
        }
        this.bitsPerSecond = bitsPerSecond;
        this.clockHz = clockHz;
        this.overheadBytes = overheadBytes;
        this.leastBytes = leastBytes;
    }

    /** Of a device that is software: bytes take no time of their own, unless there are 2^60 of them. */
    public static LineRate unlimited() {
        return new LineRate(Long.MAX_VALUE, 1, 0, 0);
    }

    public static LineRate ethernet(long bitsPerSecond, long clockHz) {
        return new LineRate(bitsPerSecond, clockHz, ETHERNET_OVERHEAD, ETHERNET_LEAST);
    }

    /** Nothing but the bytes themselves, as from a disk. */
    public static LineRate bare(long bitsPerSecond, long clockHz) {
        return new LineRate(bitsPerSecond, clockHz, 0, 0);
    }

    /**
     * @param bytes up to 100 MiB
     */
    public long cycles(long bytes) {
        if (bytes != knownBytes) {
            know(bytes);
        }
        remainder += knownRemainder;
        if (remainder < bitsPerSecond) {
            return knownCycles;
        }
        remainder -= bitsPerSecond;
        return knownCycles + 1;
    }

    private void know(long bytes) {
        long exact = Math.multiplyExact(8 * (Math.max(bytes, leastBytes) + overheadBytes), clockHz);
        knownBytes = bytes;
        knownCycles = exact / bitsPerSecond;
        knownRemainder = exact % bitsPerSecond;
    }

    public void transfer(Snapshot snapshot) {
        remainder = snapshot.transfer(remainder);
    }
}
