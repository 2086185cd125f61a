package hvsim.multiqueue.nvme;

/**
 * Where a queue pair is. A queue of n entries holds n - 1: when the tail follows the head it is full.
 *
 * @param queue its number, 1 or more: 0 is the admin queue
 */
public record NvmeLayout(
        int queue, long submissionBase, int submissionEntries, long completionBase, int completionEntries) {
    static final int COMPLETION_BYTES = 16;

    private static final int PAGE_MASK = 4095;

    public NvmeLayout {
        if (queue < 1 || queue > 0xFFFF) {
            throw new IllegalArgumentException("an I/O queue has a number from 1 to 65535, not " + queue);
        }
        entries(submissionEntries);
        entries(completionEntries);
        if ((submissionBase & PAGE_MASK) != 0 || (completionBase & PAGE_MASK) != 0) {
            throw new IllegalArgumentException("queues begin at a page of 4 KiB");
        }
    }

    private static void entries(int entries) {
        if (entries < 2 || entries > 1 << 16) {
            throw new IllegalArgumentException("a queue has 2 to 65536 entries, not " + entries);
        }
    }

    long submission(int index) {
        return submissionBase + (long) NvmeCommand.BYTES * index;
    }

    long completion(int index) {
        return completionBase + (long) COMPLETION_BYTES * index;
    }

    int afterSubmission(int index) {
        return index + 1 == submissionEntries ? 0 : index + 1;
    }

    int afterCompletion(int index) {
        return index + 1 == completionEntries ? 0 : index + 1;
    }
}
