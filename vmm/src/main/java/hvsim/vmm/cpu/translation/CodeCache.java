package hvsim.vmm.cpu.translation;

import hvsim.tlb.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The translations of a VM's kernel, one after another in memory of the hypervisor. When there is no room for one more,
 * all are given up: nothing refers to them but each other.
 *
 * <pre>
 *   first                            first + codeCacheBytes
 *   | block | block | block | free           |
 * </pre>
 */
public final class CodeCache {
    /** A translation of 16 bytes of code, and its ways out: twice as long (assumed). */
    static final int BLOCK_BYTES = 2 * Blocks.BYTES;

    /** Writes of a block that trap until it is taken for one that writes tables (assumed). */
    private static final int OFTEN = 4;

    private static final Block NO_BLOCK = new Block(Blocks.NONE, 0, 0, 0);

    private final TranslationSpec spec;
    private final long first;
    private final Map<Long, Block> blocks = new TreeMap<>();
    private long used;
    private long made;

    /** @param first hva of its first byte */
    public CodeCache(TranslationSpec spec, long first) {
        this.spec = spec;
        this.first = first;
    }

    /** The translation of the code at an address, or null. */
    public @Nullable Block find(long gva) {
        return blocks.get(gva);
    }

    /**
     * Translates the code at an address.
     *
     * @param gfn the guest's page that has it
     * @return how many translations had to make room
     */
    public int translate(long gva, long gfn) {
        int evicted = makeRoom();
        add(new Block(gva, gfn, made, first + used));
        return evicted;
    }

    private int makeRoom() {
        if (used + BLOCK_BYTES <= spec.codeCacheBytes()) {
            return 0;
        }
        int evicted = blocks.size();
        blocks.clear();
        used = 0;
        return evicted;
    }

    private void add(Block block) {
        blocks.put(block.gva(), block);
        made++;
        used += BLOCK_BYTES;
    }

    /**
     * From one block to another.
     *
     * @param from address of the code under way, or {@link Blocks#NONE}
     * @return whether the translation knew the way; else it was looked up, and is known from now on if it can be
     */
    public boolean follow(long from, Block to) {
        Block before = find(from);
        if (before == null
                || !spec.chaining()
                || !Terminator.between(from, to.gva()).canBeChained()) {
            return false;
        }
        if (before.goesOnTo(to)) {
            return true;
        }
        before.chain(to);
        return false;
    }

    /**
     * A write in a block has trapped, for the page is protected.
     *
     * @return whether the block is to be translated anew, so that it looks where its writes go
     */
    public boolean hasTrappedOften(Block block) {
        return spec.adaptive() && !block.checksWrites() && block.trap() >= OFTEN;
    }

    /** A block is translated anew, and looks at its writes; returns as {@link #translate}. */
    public int retranslate(Block old) {
        int evicted = makeRoom();
        Block anew = new Block(old.gva(), old.gfn(), made, first + used);
        anew.checkWrites();
        add(anew);
        return evicted;
    }

    /** The guest has written a page: translations of code in it are given up. Returns how many. */
    public int forgetPage(long gfn) {
        int before = blocks.size();
        blocks.values().removeIf(block -> block.gfn() == gfn);
        return before - blocks.size();
    }

    /** What is in it at present. */
    List<Block> all() {
        return List.copyOf(blocks.values());
    }

    /** Writes or reads everything. */
    public void transfer(Snapshot snapshot) {
        used = snapshot.transfer(used);
        made = snapshot.transfer(made);
        List<Block> old = new ArrayList<>(blocks.values());
        int count = snapshot.transfer(old.size());
        blocks.clear();
        for (int i = 0; i < count; i++) {
            Block block = Block.transfer(snapshot.isLoading() ? NO_BLOCK : old.get(i), snapshot);
            blocks.put(block.gva(), block);
        }
    }
}
