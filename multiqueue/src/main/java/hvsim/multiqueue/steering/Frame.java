package hvsim.multiqueue.steering;

/**
 * What a device looks at of a frame.
 *
 * @param bytes on the wire, or what an offload makes of several frames, from the destination address to the last byte before the checksum
 * @param destination MAC address in the lower 48 bits
 * @param vlan 0 without a tag
 */
public record Frame(int bytes, long destination, int vlan, Flow flow) {
    public static final int NO_VLAN = 0;

    private static final int MOST_BYTES = 1 << 18;

    public Frame {
        if (bytes < 1 || bytes > MOST_BYTES) {
            throw new IllegalArgumentException("a frame has 1 to 262,144 bytes, not " + bytes);
        }
    }
}
