package hvsim.multiqueue.nvme;

/**
 * What commands of a queue may reach.
 *
 * @param id 1 or more
 * @param blocks numbered from 0
 * @param blockBytes 512 or 4096
 */
public record NvmeNamespace(int id, long blocks, int blockBytes) {
    public NvmeNamespace {
        if (blockBytes != 512 && blockBytes != 4096) {
            throw new IllegalArgumentException("a block is 512 or 4096 bytes long, not " + blockBytes);
        }
        if (id < 1 || blocks < 1) {
            throw new IllegalArgumentException("a namespace has a number and blocks, not " + id + " and " + blocks);
        }
    }

    boolean holds(NvmeCommand command) {
        return command.firstBlock() >= 0 && command.firstBlock() <= blocks - command.blocks();
    }

    long bytes(NvmeCommand command) {
        return (long) command.blocks() * blockBytes;
    }
}
