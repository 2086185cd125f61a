package hvsim.ept;

import java.util.SplittableRandom;

/** The ways in which an entry may deviate from one that maps all for everybody. */
final class Deviations {
    private final Shape shape;
    private final SplittableRandom random;

    Deviations(Shape shape, SplittableRandom random) {
        this.shape = shape;
        this.random = random;
    }

    long of(long e, Slot slot) {
        return slot.guest() ? guest(e, slot) & (slot.bytes() == 4 ? 0xFFFF_FFFFL : -1) : secondStage(e, slot);
    }

    /** With all rights, if it is present; a guest's entry of 4 bytes has no bit 63. */
    static long widened(long e, Slot slot) {
        if (slot.guest()) {
            return (e & 1) == 0 ? e : (e | 6) & Long.MAX_VALUE;
        }
        return (e & 7) == 0 ? e : e | 7 | 1 << 10;
    }

    private long guest(long e, Slot slot) {
        return switch (random.nextInt(12)) {
            case 0 -> e & ~1L;
            case 1 -> e | 1L << reservedBit(slot);
            case 2 -> e & ~2L;
            case 3 -> e & ~4L;
            case 4 -> e | 1L << 63;
            case 5 -> e ^ 3L << 5;
            case 6 -> e ^ (long) random.nextInt(1 << 11) << 52 ^ random.nextInt(8) << 9 ^ random.nextInt(4) << 3;
            case 7 -> random.nextInt(4) == 0 ? random.nextLong() : e & ~(1L << 5);
            case 8 -> e ^ (long) random.nextInt(16) << 59 ^ 1 << 8;
            default -> slot.clean();
        };
    }

    private long secondStage(long e, Slot slot) {
        return switch (random.nextInt(12)) {
            case 0 -> e & ~(7L | 1 << 10) ^ (random.nextInt(4) == 0 ? 1 << 10 : 0);
            case 1 -> e & ~(7L | 1 << 10) | random.nextInt(8) | random.nextInt(2) << 10;
            case 2 -> e | 1L << (random.nextBoolean() ? reservedBit(slot) : 3 + random.nextInt(5));
            case 3 -> e & ~(7L << 3) | (long) random.nextInt(8) << 3;
            case 4 -> e ^ 3L << 8;
            case 5 -> e ^ (long) random.nextInt(1 << 12) << 52 ^ random.nextInt(4) << 10;
            case 6 -> random.nextInt(4) == 0 ? random.nextLong() : e & ~2L;
            case 7 -> e & ~4L;
            case 8 -> e ^ 1L << 10;
            default -> slot.clean();
        };
    }

    /** Mostly one that is reserved in such an entry: in a large page's offset, of the size, above the address. */
    private int reservedBit(Slot slot) {
        if (slot.bytes() == 4) {
            return 12 + random.nextInt(11);
        }
        if (slot.leaf() && slot.level() > 1 && random.nextBoolean()) {
            return 12 + random.nextInt(9 * (slot.level() - 1));
        }
        int width = shape.can().physicalAddressBits();
        return random.nextInt(4) == 0 || width == 52 ? 7 : width + random.nextInt(52 - width);
    }
}
