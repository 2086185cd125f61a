package hvsim.ept;

import hvsim.tlb.Snapshot;
import java.util.Arrays;

/**
 * Machine memory, of which only the frames that hold table entries have content. A frame that was never
 * written reads as zeros and takes no room.
 *
 * <pre>
 *  hpa  45      24 23     12 11   3 2 0
 *      +----------+---------+------+---+
 *      | region   | frame   |entry |   |     slots[region][frame] = s      (0: no content)
 *      +----------+---------+------+---+     chunks[s / 2048][s % 2048 * 512 + entry]
 * </pre>
 *
 * Contents lie side by side in few large arrays, so that an entry is one cache line and not two: a Java array
 * of its own for each frame would also be asked for its length.
 */
public final class PhysicalMemory implements TableEntries {
    /** Width of a machine address: MAXPHYADDR of Skylake-SP. */
    public static final int ADDRESS_BITS = 46;

    /** Slot of all frames without content: zeros. */
    static final int NO_CONTENT = 0;

    private static final int ENTRY_SHIFT = 3;
    private static final int FRAME_SHIFT = 12;
    private static final int REGION_SHIFT = 24;
    private static final int ENTRY_BITS = FRAME_SHIFT - ENTRY_SHIFT;
    private static final int ENTRIES = 1 << ENTRY_BITS;
    private static final int FRAMES = 1 << REGION_SHIFT - FRAME_SHIFT;
    private static final int CHUNK_BITS = 11;
    private static final int CHUNK_FRAMES = 1 << CHUNK_BITS;
    private static final int FIRST_CHUNK_FRAMES = 64;

    private final long sizeBytes;
    private final int[][] slots;
    private long[][] chunks = {new long[FIRST_CHUNK_FRAMES * ENTRIES]};
    private int used = NO_CONTENT + 1;
    private long version;

    /** @throws IllegalArgumentException if the size is not positive or wider than {@link #ADDRESS_BITS} */
    public PhysicalMemory(long sizeBytes) {
        if (sizeBytes <= 0 || sizeBytes > 1L << ADDRESS_BITS) {
            throw new IllegalArgumentException(
                    "a machine of " + sizeBytes + " bytes; from 1 to 2^" + ADDRESS_BITS + " are possible");
        }
        this.sizeBytes = sizeBytes;
        this.slots = new int[(int) (sizeBytes - 1 >>> REGION_SHIFT) + 1][];
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** The entry at {@code hpa}, a multiple of 8; 0 where nothing was written or no memory is. */
    @Override
    public long read(long hpa) {
        return read(slotOf(hpa), (int) (hpa >>> ENTRY_SHIFT) & ENTRIES - 1);
    }

    /** The entry of that number in the frame that has that slot. */
    long read(int slot, int entry) {
        return chunks[slot >>> CHUNK_BITS][(slot & CHUNK_FRAMES - 1) << ENTRY_BITS | entry];
    }

    /** Where the content of the frame at {@code hpa} is, for good; {@link #NO_CONTENT} until it has some. */
    int slotOf(long hpa) {
        int region = (int) (hpa >>> REGION_SHIFT);
        if (region >= slots.length || slots[region] == null) {
            return NO_CONTENT;
        }
        return slots[region][(int) (hpa >>> FRAME_SHIFT) & FRAMES - 1];
    }

    /** Changes with every write: while it stays, everything read reads the same again. */
    long version() {
        return version;
    }

    /** @throws IndexOutOfBoundsException if the machine has no memory at {@code hpa} */
    @Override
    public void write(long hpa, long entry) {
        version++;
        int slot = slotOf(hpa);
        if (slot == NO_CONTENT) {
            slot = giveContent(hpa);
        }
        int at = (slot & CHUNK_FRAMES - 1) << ENTRY_BITS | (int) (hpa >>> ENTRY_SHIFT) & ENTRIES - 1;
        chunks[slot >>> CHUNK_BITS][at] = entry;
    }

    private int giveContent(long hpa) {
        int region = (int) (hpa >>> REGION_SHIFT);
        if (slots[region] == null) {
            slots[region] = new int[FRAMES];
        }
        int slot = used++;
        slots[region][(int) (hpa >>> FRAME_SHIFT) & FRAMES - 1] = slot;
        int chunk = slot >>> CHUNK_BITS;
        if (chunk == chunks.length) {
            chunks = Arrays.copyOf(chunks, chunk + 1);
            chunks[chunk] = new long[CHUNK_FRAMES * ENTRIES];
        } else if ((slot & CHUNK_FRAMES - 1) << ENTRY_BITS >= chunks[chunk].length) {
            chunks[chunk] = Arrays.copyOf(chunks[chunk], 2 * chunks[chunk].length);
        }
        return slot;
    }

    /** Writes or reads every frame that has content. */
    public void transfer(Snapshot snapshot) {
        if (snapshot.isLoading()) {
            load(snapshot);
        } else {
            save(snapshot);
        }
    }

    private void load(Snapshot snapshot) {
        Arrays.fill(slots, null);
        chunks = new long[][] {new long[FIRST_CHUNK_FRAMES * ENTRIES]};
        used = NO_CONTENT + 1;
        for (long hfn = snapshot.transfer(0L); hfn >= 0; hfn = snapshot.transfer(0L)) {
            for (int entry = 0; entry < ENTRIES; entry++) {
                write(hfn << FRAME_SHIFT | (long) entry << ENTRY_SHIFT, snapshot.transfer(0L));
            }
        }
    }

    private void save(Snapshot snapshot) {
        for (int region = 0; region < slots.length; region++) {
            for (int frame = 0; slots[region] != null && frame < FRAMES; frame++) {
                if (slots[region][frame] != NO_CONTENT) {
                    snapshot.transfer((long) region << REGION_SHIFT - FRAME_SHIFT | frame);
                    saveFrame(slots[region][frame], snapshot);
                }
            }
        }
        snapshot.transfer(-1L);
    }

    private void saveFrame(int slot, Snapshot snapshot) {
        for (int entry = 0; entry < ENTRIES; entry++) {
            snapshot.transfer(read(slot, entry));
        }
    }
}
