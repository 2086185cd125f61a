package hvsim.multiqueue.nic;

/**
 * Where a descriptor ring is.
 *
 * @param entries a multiple of 8, up to 65536 bytes of 16 each
 */
public record NicLayout(long base, int entries) {
    static final int DESCRIPTOR_BYTES = 16;
    static final int DONE = 1;
    static final int END_OF_PACKET = 2;

    /** Of a transmit descriptor's command: the frame ends here, and its end is to be reported. */
    static final int COMMAND_END = 1;

    static final int COMMAND_REPORT = 8;

    public NicLayout {
        if (entries < 8 || entries > 4096 || (entries & 7) != 0) {
            throw new IllegalArgumentException("a ring has a multiple of 8 descriptors up to 4096, not " + entries);
        }
        if ((base & 15) != 0) {
            throw new IllegalArgumentException("a ring begins at a multiple of 16");
        }
    }

    long descriptor(int index) {
        return base + (long) DESCRIPTOR_BYTES * index;
    }

    int after(int index) {
        return index + 1 == entries ? 0 : index + 1;
    }
}
