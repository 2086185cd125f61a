package hvsim.vmm.memory.direct;

import hvsim.tlb.Snapshot;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What the hypervisor knows of each machine frame of a guest, by the frame's number: Xen's {@code page_info}. Frames come
 * in blocks of 2 MiB, as they are given out.
 */
final class FrameTable {
    private static final int BLOCK_SHIFT = 9;
    private static final int BLOCK_FRAMES = 1 << BLOCK_SHIFT;
    private static final int NOBODY = -1;

    private final @Nullable Block[] blocks;

    private static final class Block {
        private final int[] gfn = new int[BLOCK_FRAMES];
        private final int[] type = new int[BLOCK_FRAMES];
        private final int[] typed = new int[BLOCK_FRAMES];
        private final int[] all = new int[BLOCK_FRAMES];

        Block() {
            Arrays.fill(gfn, NOBODY);
        }

        void transfer(Snapshot snapshot) {
            snapshot.transfer(gfn);
            snapshot.transfer(type);
            snapshot.transfer(typed);
            snapshot.transfer(all);
        }
    }

    FrameTable(long machineBytes) {
        blocks = new Block[(int) (machineBytes - 1 >>> 12 + BLOCK_SHIFT) + 1];
    }

    private @Nullable Block find(long hfn) {
        long number = hfn >>> BLOCK_SHIFT;
        return number < blocks.length ? blocks[(int) number] : null;
    }

    private Block block(long hfn) {
        Block block = find(hfn);
        if (block == null) {
            throw new IllegalArgumentException("machine frame 0x" + Long.toHexString(hfn) + " is not the guest's");
        }
        return block;
    }

    private static int place(long hfn) {
        return (int) hfn & BLOCK_FRAMES - 1;
    }

    /** The guest gets a frame. */
    void add(long hfn, long gfn) {
        int number = (int) (hfn >>> BLOCK_SHIFT);
        Block block = blocks[number];
        if (block == null) {
            block = new Block();
            blocks[number] = block;
        }
        block.gfn[place(hfn)] = (int) gfn;
    }

    boolean isOwn(long hfn) {
        Block block = find(hfn);
        return block != null && block.gfn[place(hfn)] != NOBODY;
    }

    /** Where in the guest's memory a frame of its own is. */
    long gfnOf(long hfn) {
        return block(hfn).gfn[place(hfn)];
    }

    /** The last that it had; it means something while there are {@link #typed} references. */
    FrameType type(long hfn) {
        return FrameType.byOrdinal(block(hfn).type[place(hfn)]);
    }

    void setType(long hfn, FrameType type) {
        block(hfn).type[place(hfn)] = type.ordinal();
    }

    /** References of its type. */
    int typed(long hfn) {
        return block(hfn).typed[place(hfn)];
    }

    void addTyped(long hfn, int change) {
        block(hfn).typed[place(hfn)] += change;
    }

    /** References of whatever kind. */
    int all(long hfn) {
        return block(hfn).all[place(hfn)];
    }

    void addAll(long hfn, int change) {
        block(hfn).all[place(hfn)] += change;
    }

    /** Whether it is in use as that. */
    boolean is(long hfn, FrameType type) {
        return isOwn(hfn) && typed(hfn) > 0 && type(hfn) == type;
    }

    boolean isTable(long hfn) {
        return isOwn(hfn) && typed(hfn) > 0 && type(hfn).isTable();
    }

    /** All of the guest's frames, in ascending order. */
    long[] own() {
        LongStream.Builder own = LongStream.builder();
        for (int number = 0; number < blocks.length; number++) {
            for (int i = 0; blocks[number] != null && i < BLOCK_FRAMES; i++) {
                long hfn = (long) number << BLOCK_SHIFT | i;
                if (isOwn(hfn)) {
                    own.add(hfn);
                }
            }
        }
        return own.build().toArray();
    }

    void transfer(Snapshot snapshot) {
        for (int number = 0; number < blocks.length; number++) {
            Block block = blocks[number];
            if (snapshot.transfer(block != null)) {
                block = block == null ? new Block() : block;
                block.transfer(snapshot);
                blocks[number] = block;
            } else {
                blocks[number] = null;
            }
        }
    }
}
