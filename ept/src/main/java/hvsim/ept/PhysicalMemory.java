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
 *      | region   | frame   |entry |   |     regions[region][frame][entry], made on the first write
 *      +----------+---------+------+---+
 * </pre>
 */
public final class PhysicalMemory {
    /** Width of a machine address: MAXPHYADDR of Skylake-SP. */
    public static final int ADDRESS_BITS = 46;

    private static final int ENTRY_SHIFT = 3;
    private static final int FRAME_SHIFT = 12;
    private static final int REGION_SHIFT = 24;
    private static final int ENTRIES = 1 << FRAME_SHIFT - ENTRY_SHIFT;
    private static final int FRAMES = 1 << REGION_SHIFT - FRAME_SHIFT;

    /** In place of a frame that was never written; never written itself. */
    static final long[] NO_CONTENT = new long[ENTRIES];

    private final long sizeBytes;
    private final long[][][] regions;

    /** @throws IllegalArgumentException if the size is not positive or wider than {@link #ADDRESS_BITS} */
    public PhysicalMemory(long sizeBytes) {
        if (sizeBytes <= 0 || sizeBytes > 1L << ADDRESS_BITS) {
            throw new IllegalArgumentException(
                    "a machine of " + sizeBytes + " bytes; from 1 to 2^" + ADDRESS_BITS + " are possible");
        }
        this.sizeBytes = sizeBytes;
        this.regions = new long[(int) (sizeBytes - 1 >>> REGION_SHIFT) + 1][][];
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** The entry at {@code hpa}, a multiple of 8; 0 where nothing was written or no memory is. */
    public long read(long hpa) {
        return frame(hpa)[(int) (hpa >>> ENTRY_SHIFT) & ENTRIES - 1];
    }

    /** The entries of the frame at {@code hpa}, or {@link #NO_CONTENT}. */
    long[] frame(long hpa) {
        int region = (int) (hpa >>> REGION_SHIFT);
        if (region >= regions.length || regions[region] == null) {
            return NO_CONTENT;
        }
        long[] frame = regions[region][(int) (hpa >>> FRAME_SHIFT) & FRAMES - 1];
        return frame == null ? NO_CONTENT : frame;
    }

    /** @throws IndexOutOfBoundsException if the machine has no memory at {@code hpa} */
    public void write(long hpa, long entry) {
        int region = (int) (hpa >>> REGION_SHIFT);
        if (regions[region] == null) {
            regions[region] = new long[FRAMES][];
        }
        int frame = (int) (hpa >>> FRAME_SHIFT) & FRAMES - 1;
        if (regions[region][frame] == null) {
            regions[region][frame] = new long[ENTRIES];
        }
        regions[region][frame][(int) (hpa >>> ENTRY_SHIFT) & ENTRIES - 1] = entry;
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
        Arrays.fill(regions, null);
        for (long hfn = snapshot.transfer(0L); hfn >= 0; hfn = snapshot.transfer(0L)) {
            write(hfn << FRAME_SHIFT, 0);
            snapshot.transfer(regions[(int) (hfn >>> REGION_SHIFT - FRAME_SHIFT)][(int) hfn & FRAMES - 1]);
        }
    }

    private void save(Snapshot snapshot) {
        for (int region = 0; region < regions.length; region++) {
            for (int frame = 0; regions[region] != null && frame < FRAMES; frame++) {
                if (regions[region][frame] != null) {
                    snapshot.transfer((long) region << REGION_SHIFT - FRAME_SHIFT | frame);
                    snapshot.transfer(regions[region][frame]);
                }
            }
        }
        snapshot.transfer(-1L);
    }
}
