package hvsim.vmm.cpu.translation;

import hvsim.tlb.Snapshot;

/** A translation, as long as the code cache holds it. */
public final class Block {
    /** Two ways out of a block are written into it: a branch is taken or not. */
    private static final int WAYS = 2;

    private static final long NO_WAY = -1;

    private final long gva;
    private final long gfn;
    private final long number;
    private final long hva;
    private final long[] ways = {NO_WAY, NO_WAY};
    private int traps;
    private boolean checksWrites;

    /**
     * @param gva of the code
     * @param gfn the guest's page that has it
     * @param number of all translations that were ever made
     * @param hva of the translation
     */
    Block(long gva, long gfn, long number, long hva) {
        this.gva = gva;
        this.gfn = gfn;
        this.number = number;
        this.hva = hva;
    }

    public long gva() {
        return gva;
    }

    long gfn() {
        return gfn;
    }

    /** Where the translation is. */
    public long hva() {
        return hva;
    }

    /** Bytes of the translation that are fetched. */
    public int bytes() {
        return CodeCache.BLOCK_BYTES;
    }

    /** Whether it looks where its writes go, and does without faults of those to tables. */
    public boolean checksWrites() {
        return checksWrites;
    }

    void checkWrites() {
        checksWrites = true;
    }

    /** A write in it has trapped; returns how many have. */
    int trap() {
        return ++traps;
    }

    boolean goesOnTo(Block next) {
        return ways[0] == next.number || ways[1] == next.number;
    }

    /** Writes the way to another into it, if there is room. */
    void chain(Block next) {
        for (int way = 0; way < WAYS; way++) {
            if (ways[way] == NO_WAY) {
                ways[way] = next.number;
                return;
            }
        }
    }

    /** Writes or reads it; what it is loaded into does not matter. */
    static Block transfer(Block block, Snapshot snapshot) {
        Block result = new Block(
                snapshot.transfer(block.gva),
                snapshot.transfer(block.gfn),
                snapshot.transfer(block.number),
                snapshot.transfer(block.hva));
        System.arraycopy(block.ways, 0, result.ways, 0, WAYS);
        snapshot.transfer(result.ways);
        result.traps = snapshot.transfer(block.traps);
        result.checksWrites = snapshot.transfer(block.checksWrites);
        return result;
    }
}
