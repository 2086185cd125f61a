package hvsim.scenarios.trace;

import hvsim.cpu.GuestOp;

/**
 * The layout of a {@code .hvt} trace; all numbers little-endian.
 *
 * <pre>
 *   header    magic 8 bytes | version u32 | fetches, loads, stores, modifies u64 each | CRC-32C of these u32
 *   block     references u32 | payload bytes u32 | first-touched pages u32 | CRC-32C u32
 *             payload: one code byte a reference, then the operands of all of them
 *   ...
 *   end       a block of no references
 *
 *   code   0 ..  74  fetch of size 1..15:    (size - 1) * 5 + width class 0, 1, 2, 4, 8 bytes
 *         75 .. 242  L, S, M (0, 1, 2):      75 + ((kind * 7 + size class) * 2 + base) * 4 + width class
 *                                            1, 2, 4, 8 bytes; size class 1, 2, 4, 8, 16, 3, 6 bytes
 *              255  any:                     operand kind u8, size u24, address u64
 *   operand  zigzag distance, little-endian, of that width: for a fetch from the end of the fetch before,
 *            for data from base 0 or 1. The base used becomes the new address, so a program that goes back and
 *            forth between stack and heap has a base in each. All bases are 0 where a block begins.
 * </pre>
 *
 * The payload's checksum is CRC-32C over the three numbers before it and the payload. The number of 4 KiB pages
 * that the trace touches for the first time in a block saves the replay a look at each reference of the others.
 */
final class HvtFormat {
    static final byte[] MAGIC = {(byte) 0x89, 'h', 'v', 't', '\r', '\n', 0x1a, '\n'};
    static final int VERSION = 1;
    static final int HEADER_BYTES = 48;
    static final int CHECKED_HEADER_BYTES = 44;
    static final int BLOCK_HEADER_BYTES = 16;
    static final int CHECKED_BLOCK_BYTES = 12;
    static final int BLOCK_REFERENCES = 8192;
    static final int MAX_OPERAND_BYTES = 12;
    static final int MAX_PAYLOAD_BYTES = BLOCK_REFERENCES * (1 + MAX_OPERAND_BYTES);

    static final int ANY = 255;
    static final int BASES = 3;
    static final int FETCH_BASE = 2;
    static final int MAX_FETCH_BYTES = 15;

    private static final int DATA_CODES = 75;
    private static final int CODES = 243;
    private static final int[] FETCH_WIDTHS = {0, 1, 2, 4, 8};
    private static final int[] DATA_WIDTHS = {1, 2, 4, 8};
    private static final int[] DATA_SIZES = {1, 2, 4, 8, 16, 3, 6};

    /*
     * What a code means, in one word for the decoder:
     *
     *  63 61 60      57               12 11    8 7      6 5    0
     * | kind | size - 1 |       0       | width |  base  | step |   step: what the base moves on, size of a fetch
     */
    static final int WIDTH_SHIFT = 8;
    static final int BASE_SHIFT = 6;
    static final int STEP_MASK = 63;

    private HvtFormat() {}

    /** The meaning of each code; 0 for those that mean nothing, and for {@link #ANY}. */
    static long[] meanings() {
        long[] meanings = new long[256];
        for (int size = 1; size <= MAX_FETCH_BYTES; size++) {
            for (int width = 0; width < FETCH_WIDTHS.length; width++) {
                meanings[fetchCode(size, width)] = GuestOp.memory(GuestOp.FETCH, 0, size)
                        | FETCH_WIDTHS[width] << WIDTH_SHIFT
                        | FETCH_BASE << BASE_SHIFT
                        | size;
            }
        }
        for (int code = DATA_CODES; code < CODES; code++) {
            int rest = code - DATA_CODES;
            int access = GuestOp.READ + rest / 8 / DATA_SIZES.length;
            meanings[code] = GuestOp.memory(access, 0, DATA_SIZES[rest / 8 % DATA_SIZES.length])
                    | DATA_WIDTHS[rest & 3] << WIDTH_SHIFT
                    | (rest >> 2 & 1) << BASE_SHIFT;
        }
        return meanings;
    }

    static int fetchCode(int size, int widthClass) {
        return (size - 1) * FETCH_WIDTHS.length + widthClass;
    }

    static int dataCode(int access, int sizeClass, int base, int widthClass) {
        return DATA_CODES + (((access - GuestOp.READ) * DATA_SIZES.length + sizeClass) * 2 + base) * 4 + widthClass;
    }

    /** The class of a data reference of that size, or -1 if only {@link #ANY} can say it. */
    static int sizeClass(int sizeBytes) {
        for (int i = 0; i < DATA_SIZES.length; i++) {
            if (DATA_SIZES[i] == sizeBytes) {
                return i;
            }
        }
        return -1;
    }

    static int fetchWidthClass(long zigzag) {
        return widthClass(zigzag, FETCH_WIDTHS);
    }

    static int dataWidthClass(long zigzag) {
        return widthClass(zigzag, DATA_WIDTHS);
    }

    static int fetchWidth(int widthClass) {
        return FETCH_WIDTHS[widthClass];
    }

    static int dataWidth(int widthClass) {
        return DATA_WIDTHS[widthClass];
    }

    private static int widthClass(long zigzag, int[] widths) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(zigzag);
        int widthClass = 0;
        while (8 * widths[widthClass] < bits) {
            widthClass++;
        }
        return widthClass;
    }
}
