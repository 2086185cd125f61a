package hvsim.multiqueue.bus;

import java.util.Arrays;

/**
 * The buffers of one request: those that the device reads, then those that it writes. Owned by the caller, filled by
 * a {@link DeviceRing} or, on the driver's side, by who makes the request.
 */
public final class Chain {
    /** A chain is at most 4 GiB long (VIRTIO 1.2, 2.7.5.2). */
    private static final long MOST_BYTES = 1L << 32;

    private long[] addresses = new long[4];
    private long[] lengths = new long[4];
    private int count;
    private int readable;
    private long bytes;
    private int id;
    private int slots;

    public Chain clear() {
        count = 0;
        readable = 0;
        bytes = 0;
        id = 0;
        slots = 0;
        return this;
    }

    public Chain read(long address, long length) {
        check(add(address, length, false));
        return this;
    }

    public Chain write(long address, long length) {
        check(add(address, length, true));
        return this;
    }

    private static void check(RingFault fault) {
        if (fault != RingFault.NONE) {
            throw new IllegalArgumentException(fault.meaning());
        }
    }

    /** Adds a buffer, unless that breaks a rule of chains. */
    public RingFault add(long address, long length, boolean writable) {
        if (!writable && count > readable) {
            return RingFault.READABLE_AFTER_WRITABLE;
        }
        if (bytes + length > MOST_BYTES) {
            return RingFault.CHAIN_TOO_LONG;
        }
        grow();
        addresses[count] = address;
        lengths[count++] = length;
        bytes += length;
        readable += writable ? 0 : 1;
        return RingFault.NONE;
    }

    private void grow() {
        if (count == addresses.length) {
            addresses = Arrays.copyOf(addresses, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
    }

    /** What the driver knows the request by, and how many places in the ring it takes. */
    public void setOrigin(int newId, int newSlots) {
        id = newId;
        slots = newSlots;
    }

    public int id() {
        return id;
    }

    public int slots() {
        return slots;
    }

    /** Buffers, readable ones first. */
    public int count() {
        return count;
    }

    public int readable() {
        return readable;
    }

    public long address(int i) {
        return addresses[i];
    }

    public long length(int i) {
        return lengths[i];
    }

    public boolean isWritable(int i) {
        return i >= readable;
    }

    /** Of all buffers. */
    public long bytes() {
        return bytes;
    }

    public long writableBytes() {
        long sum = 0;
        for (int i = readable; i < count; i++) {
            sum += lengths[i];
        }
        return sum;
    }
}
