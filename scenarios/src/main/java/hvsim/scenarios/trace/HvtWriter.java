package hvsim.scenarios.trace;

import static hvsim.scenarios.trace.HvtReader.INTS;
import static hvsim.scenarios.trace.HvtReader.LONGS;

import hvsim.cpu.GuestOp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Writes a {@code .hvt} trace, see {@link HvtFormat}. The header comes last, when the counts are known. */
final class HvtWriter {
    private static final int PAGE_SHIFT = 12;

    private final FileChannel out;
    private final byte[] codes = new byte[HvtFormat.BLOCK_REFERENCES];
    private final byte[] operands = new byte[HvtFormat.BLOCK_REFERENCES * HvtFormat.MAX_OPERAND_BYTES + Long.BYTES];
    private final long[] bases = new long[HvtFormat.BASES];
    private final long[] counts = new long[4];
    private final PageSet touched = new PageSet();
    private int references;
    private int operandBytes;
    private long touchedBefore;

    HvtWriter(FileChannel out) throws IOException {
        this.out = out;
        write(new byte[HvtFormat.HEADER_BYTES]);
    }

    /** The reference whose first word is at {@code index}; it may take two. */
    void add(long[] words, int index) throws IOException {
        long word = words[index];
        boolean wide = GuestOp.kind(word) == GuestOp.WIDE;
        int access = wide ? GuestOp.wideAccess(word) : GuestOp.kind(word);
        int size = wide ? GuestOp.wideSizeBytes(word) : GuestOp.sizeBytes(word);
        long gva = GuestOp.canonical(wide ? words[index + 1] : word);
        touched.addRange(gva >>> PAGE_SHIFT, gva + size - 1 >>> PAGE_SHIFT);
        counts[access]++;
        if (access == GuestOp.FETCH && size <= HvtFormat.MAX_FETCH_BYTES) {
            fetch(gva, size);
        } else if (access != GuestOp.FETCH && HvtFormat.sizeClass(size) >= 0) {
            data(access, gva, HvtFormat.sizeClass(size));
        } else {
            any(access, gva, size);
        }
        if (references == HvtFormat.BLOCK_REFERENCES) {
            flush();
        }
    }

    void finish() throws IOException {
        if (references > 0) {
            flush();
        }
        flush();
        out.position(0);
        byte[] header = Arrays.copyOf(HvtFormat.MAGIC, HvtFormat.HEADER_BYTES);
        INTS.set(header, 8, HvtFormat.VERSION);
        for (int access = 0; access < counts.length; access++) {
            LONGS.set(header, 12 + access * Long.BYTES, counts[access]);
        }
        INTS.set(header, HvtFormat.CHECKED_HEADER_BYTES, checksum(header, HvtFormat.CHECKED_HEADER_BYTES));
        write(header);
    }

    private void fetch(long gva, int size) {
        long zigzag = zigzag(gva - bases[HvtFormat.FETCH_BASE]);
        int widthClass = HvtFormat.fetchWidthClass(zigzag);
        put(HvtFormat.fetchCode(size, widthClass), zigzag, HvtFormat.fetchWidth(widthClass));
        bases[HvtFormat.FETCH_BASE] = gva + size;
    }

    private void data(int access, long gva, int sizeClass) {
        long first = zigzag(gva - bases[0]);
        long second = zigzag(gva - bases[1]);
        int base = Long.compareUnsigned(first, second) <= 0 ? 0 : 1;
        long zigzag = base == 0 ? first : second;
        int widthClass = HvtFormat.dataWidthClass(zigzag);
        put(HvtFormat.dataCode(access, sizeClass, base, widthClass), zigzag, HvtFormat.dataWidth(widthClass));
        bases[base] = gva;
    }

    private void any(int access, long gva, int size) {
        codes[references++] = (byte) HvtFormat.ANY;
        INTS.set(operands, operandBytes, access | size << 8);
        LONGS.set(operands, operandBytes + Integer.BYTES, gva);
        operandBytes += HvtFormat.MAX_OPERAND_BYTES;
    }

    private void put(int code, long zigzag, int width) {
        codes[references++] = (byte) code;
        LONGS.set(operands, operandBytes, zigzag);
        operandBytes += width;
    }

    private void flush() throws IOException {
        byte[] block = new byte[HvtFormat.BLOCK_HEADER_BYTES + references + operandBytes];
        INTS.set(block, 0, references);
        INTS.set(block, 4, references + operandBytes);
        INTS.set(block, 8, (int) (touched.size() - touchedBefore));
        System.arraycopy(codes, 0, block, HvtFormat.BLOCK_HEADER_BYTES, references);
        System.arraycopy(operands, 0, block, HvtFormat.BLOCK_HEADER_BYTES + references, operandBytes);
        CRC32C checksum = new CRC32C();
        checksum.update(block, 0, HvtFormat.CHECKED_BLOCK_BYTES);
        checksum.update(block, HvtFormat.BLOCK_HEADER_BYTES, references + operandBytes);
        INTS.set(block, HvtFormat.CHECKED_BLOCK_BYTES, (int) checksum.getValue());
        write(block);
        references = 0;
        operandBytes = 0;
        touchedBefore = touched.size();
        Arrays.fill(bases, 0);
    }

    private void write(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }

    private static long zigzag(long distance) {
        return distance << 1 ^ distance >> 63;
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }
}
