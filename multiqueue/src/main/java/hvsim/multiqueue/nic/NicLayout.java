package hvsim.multiqueue.nic;

/**
 * Where a descriptor ring is.
 *
 * @param entries a multiple of 8 below 65536, for RDLEN and TDLEN count 128 bytes and have 20 bits; 0 for no ring
 */
public record NicLayout(long base, int entries) {
    static final int DESCRIPTOR_BYTES = 16;
    static final int DONE = 1;
    static final int END_OF_PACKET = 2;

    /** Of a transmit descriptor's command: the frame ends here, and its end is to be reported. */
    static final int COMMAND_END = 1;

    static final int COMMAND_REPORT = 8;

    /** As after a reset. */
    static final NicLayout NONE = new NicLayout(0, 0);

    private static final int MOST_BYTES = 0xF_FF80;

    public NicLayout {
        if (entries < 0 || entries > MOST_BYTES / DESCRIPTOR_BYTES || (entries & 7) != 0) {
            throw new IllegalArgumentException("a ring has a multiple of 8 descriptors below 65536, not " + entries);
        }
        if ((base & 15) != 0) {
            throw new IllegalArgumentException("a ring begins at a multiple of 16");
        }
    }

    /** RDBAL or TDBAL. */
    NicLayout withLow(long value) {
        return new NicLayout(base & ~0xFFFF_FFFFL | value & 0xFFFF_FFF0L, entries);
    }

    long low() {
        return base & 0xFFFF_FFFFL;
    }

    /** RDBAH or TDBAH. */
    NicLayout withHigh(long value) {
        return new NicLayout(value << 32 | low(), entries);
    }

    long high() {
        return base >>> 32;
    }

    /** RDLEN or TDLEN. */
    NicLayout withBytes(long value) {
        return new NicLayout(base, (int) (value & MOST_BYTES) / DESCRIPTOR_BYTES);
    }

    long bytes() {
        return (long) DESCRIPTOR_BYTES * entries;
    }

    long descriptor(int index) {
        return base + (long) DESCRIPTOR_BYTES * index;
    }

    int after(int index) {
        return index + 1 == entries ? 0 : index + 1;
    }
}
