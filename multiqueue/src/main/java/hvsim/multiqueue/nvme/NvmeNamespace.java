package hvsim.multiqueue.nvme;

/**
 * What commands of a queue may reach.
 *
 * @param blocks numbered from 0
 * @param blockBytes 512 or 4096
 */
public record NvmeNamespace(long blocks, int blockBytes) {
    public NvmeNamespace {
        if (blockBytes != 512 && blockBytes != 4096) {
            throw new IllegalArgumentException("a block is 512 or 4096 bytes long, not " + blockBytes);
        }
        if (blocks < 1) {
            throw new IllegalArgumentException("a namespace has blocks, not " + blocks);
        }
    }

    boolean holds(NvmeCommand command) {
        return command.firstBlock() >= 0 && command.firstBlock() <= blocks - command.blocks();
    }

    long bytes(NvmeCommand command) {
        return (long) command.blocks() * blockBytes;
    }
}
