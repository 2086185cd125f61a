package hvsim.vmm.kernel;

/**
 * What a kernel does with a network adapter.
 *
 * @param device its number, by which it is found
 * @param replyBytes of the frame that answers each one that was received; 0 for none
 */
public record NicUse(int device, int replyBytes) {
    public NicUse {
        if (device < 0 || replyBytes < 0 || replyBytes > NetworkDriver.MOST_BYTES) {
            throw new IllegalArgumentException("device " + device + ", a reply of " + replyBytes + " bytes; at most "
                    + NetworkDriver.MOST_BYTES + " fit into a buffer");
        }
    }
}
