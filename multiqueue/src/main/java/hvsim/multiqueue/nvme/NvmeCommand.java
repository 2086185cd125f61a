package hvsim.multiqueue.nvme;

import hvsim.multiqueue.bus.BusMemory;

/**
 * One entry of a submission queue.
 *
 * @param opcode as written, known or not
 * @param id that its completion names
 * @param blocks of the namespace's size, 1 to 65536
 */
public record NvmeCommand(int opcode, int id, int namespace, long prp1, long prp2, long firstBlock, int blocks) {
    static final int BYTES = 64;

    public NvmeCommand {
        if (blocks < 1 || blocks > 1 << 16) {
            throw new IllegalArgumentException("a command moves 1 to 65536 blocks, not " + blocks);
        }
    }

    static NvmeCommand read(BusMemory memory, long entry) {
        return new NvmeCommand(
                memory.read8(entry),
                memory.read16(entry + 2),
                (int) memory.read32(entry + 4),
                memory.read64(entry + 24),
                memory.read64(entry + 32),
                memory.read64(entry + 40),
                memory.read16(entry + 48) + 1);
    }

    void write(BusMemory memory, long entry) {
        memory.write32(entry, opcode | (long) id << 16);
        memory.write32(entry + 4, namespace);
        memory.write64(entry + 24, prp1);
        memory.write64(entry + 32, prp2);
        memory.write64(entry + 40, firstBlock);
        memory.write32(entry + 48, blocks - 1L);
    }
}
