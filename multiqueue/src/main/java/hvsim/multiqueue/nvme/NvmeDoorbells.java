package hvsim.multiqueue.nvme;

/**
 * The doorbell registers, from 1000H of the controller's registers on.
 *
 * @param stride CAP.DSTRD: they are 4 &lt;&lt; stride bytes apart
 */
public record NvmeDoorbells(int stride) {
    private static final int BASE = 0x1000;

    public NvmeDoorbells {
        if (stride < 0 || stride > 15) {
            throw new IllegalArgumentException("the doorbell stride is 0 to 15, not " + stride);
        }
    }

    public long submissionTail(int queue) {
        return BASE + (2L * queue << stride + 2);
    }

    public long completionHead(int queue) {
        return BASE + (2L * queue + 1 << stride + 2);
    }

    /** Whose doorbell is at or last before that offset. */
    public int queue(long offset) {
        return (int) (offset - BASE >>> stride + 3);
    }
}
