package hvsim.ept;

import java.util.HashMap;
import java.util.Map;

/** The oracle's machine memory: a map from the address of a word of 8 bytes to its content. */
final class NaiveMemory {
    private static final long FRAME = 4096;

    private final Map<Long, Long> words = new HashMap<>();

    private final StringBuilder reads = new StringBuilder();
    private boolean traced;

    long read(long hpa) {
        long word = words.getOrDefault(hpa, 0L);
        if (traced) {
            reads.append(String.format("  [%x] = %x%n", hpa, word));
        }
        return word;
    }

    /** The words that {@code walk} reads, for the message of a failure. */
    String readsOf(Runnable walk) {
        traced = true;
        walk.run();
        traced = false;
        return reads.toString();
    }

    void write(long hpa, long word) {
        words.put(hpa, word);
    }

    /** An entry of 4 or 8 bytes. */
    long read(long hpa, int bytes) {
        long word = read(hpa & -8);
        return bytes == 8 ? word : word >>> 8 * (hpa & 4) & 0xFFFF_FFFFL;
    }

    void write(long hpa, int bytes, long entry) {
        int shift = (int) (8 * (hpa & 4));
        long others = bytes == 8 ? 0 : read(hpa & -8) & ~(0xFFFF_FFFFL << shift);
        write(hpa & -8, others | entry << shift);
    }

    /** The words that {@code other} has differently: address, here, there; empty if none. */
    String differences(PhysicalMemory other) {
        StringBuilder text = new StringBuilder();
        for (long frame = 0; frame < other.sizeBytes(); frame += FRAME) {
            if (other.slotOf(frame) != PhysicalMemory.NO_CONTENT) {
                for (long hpa = frame; hpa < frame + FRAME; hpa += 8) {
                    text.append(difference(hpa, read(hpa), other.read(hpa)));
                }
            }
        }
        words.forEach((hpa, word) -> text.append(difference(hpa, word, other.read(hpa))));
        return text.toString();
    }

    private static String difference(long hpa, long expected, long actual) {
        return expected == actual ? "" : String.format("[%x] = %x, expected %x%n", hpa, actual, expected);
    }
}
