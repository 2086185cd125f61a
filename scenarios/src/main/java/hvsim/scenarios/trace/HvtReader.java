package hvsim.scenarios.trace;

import hvsim.cpu.GuestOp;
import hvsim.cpu.ProgramUnreadableException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Decodes a {@code .hvt} trace, see {@link HvtFormat}, block by block into the caller's words. */
final class HvtReader implements TraceReader {
    static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long[] MEANINGS = HvtFormat.meanings();
    private static final long[] MASKS = masks();
    private static final long HEAD_MASK = -1L << GuestOp.SIZE_SHIFT;
    private static final String RULE = "the file is damaged or cut off; convert the trace again";
    private static final String CUT_OFF = "the file ends in the middle of a block";
    private static final long CANONICAL_BIAS = 1L << 47;

    private final TraceBytes bytes;
    private final Damage damage;
    private final byte[] payload = new byte[HvtFormat.MAX_PAYLOAD_BYTES + Long.BYTES];
    private final byte[] blockHeader = new byte[HvtFormat.BLOCK_HEADER_BYTES];
    private final CRC32C checksum = new CRC32C();
    private final long[] bases = new long[HvtFormat.BASES];
    private final long length;
    private long made;
    private long blockOffset;
    private int blockLeft;
    private boolean blockTouches;
    private boolean readTouched;
    private int code;
    private int operand;
    private int payloadBytes;
    private boolean ended;

    HvtReader(TraceBytes bytes, Damage damage) {
        this.bytes = bytes;
        this.damage = damage;
        this.length = readHeader();
    }

    /** References of the whole trace, as its header says. */
    long length() {
        return length;
    }

    @Override
    public int read(long[] words, int from, int references) {
        int n = from;
        readTouched = false;
        for (int left = references; left > 0; ) {
            if (blockLeft == 0 && !nextBlock()) {
                break;
            }
            int now = Math.min(left, blockLeft);
            n = decode(words, n, now);
            readTouched |= blockTouches;
            left -= now;
            made += now;
            blockLeft -= now;
            if (blockLeft == 0 && operand != payloadBytes) {
                throw damaged("its references take " + operand + " bytes of " + payloadBytes);
            }
        }
        return n;
    }

    @Override
    public long made() {
        return made;
    }

    @Override
    public void skip(long references) {
        long left = references;
        while (left > 0 && (blockLeft > 0 || nextBlock())) {
            if (left >= blockLeft) {
                left -= blockLeft;
                made += blockLeft;
                blockLeft = 0;
            } else {
                read(new long[2 * (int) left], 0, (int) left);
                left = 0;
            }
        }
    }

    @Override
    public boolean mayTouchNewPages() {
        return readTouched;
    }

    @Override
    public void close() {
        bytes.close();
    }

    private int decode(long[] words, int from, int references) {
        byte[] b = payload;
        int n = from;
        int at = operand;
        int end = code + references;
        long strange = 0;
        for (int c = code; c < end; c++) {
            long meaning = MEANINGS[b[c] & 0xFF];
            if (meaning == 0) {
                n = decodeAny(words, n, c, at);
                at += HvtFormat.MAX_OPERAND_BYTES;
                continue;
            }
            int width = (int) meaning >>> HvtFormat.WIDTH_SHIFT & 0xF;
            int base = (int) meaning >>> HvtFormat.BASE_SHIFT & 3;
            long zigzag = (long) LONGS.get(b, at) & MASKS[width];
            long address = bases[base] + (zigzag >>> 1 ^ -(zigzag & 1));
            bases[base] = address + (meaning & HvtFormat.STEP_MASK);
            at += width;
            strange |= address + CANONICAL_BIAS >>> 48;
            words[n++] = meaning & HEAD_MASK | address & GuestOp.GVA_MASK;
        }
        code = end;
        operand = at;
        if (strange != 0) {
            throw damaged("an address is none of a 48-bit machine");
        }
        return n;
    }

    private int decodeAny(long[] words, int n, int c, int at) {
        if ((payload[c] & 0xFF) != HvtFormat.ANY) {
            throw damaged("code " + (payload[c] & 0xFF) + " means nothing");
        }
        int access = payload[at];
        int size = (int) INTS.get(payload, at) >>> 8;
        long address = (long) LONGS.get(payload, at + Integer.BYTES);
        boolean known = access >= GuestOp.FETCH && access <= GuestOp.MODIFY;
        if (!known || size < 1 || size > GuestOp.MAX_WIDE_SIZE_BYTES || address + CANONICAL_BIAS >>> 48 != 0) {
            throw damaged("a reference of kind " + access + ", size " + size + " at 0x" + Long.toHexString(address));
        }
        if (size <= GuestOp.MAX_PLAIN_SIZE_BYTES) {
            words[n] = GuestOp.memory(access, address, size);
            return n + 1;
        }
        words[n] = GuestOp.wide(access, size);
        words[n + 1] = address & GuestOp.GVA_MASK;
        return n + 2;
    }

    private long readHeader() {
        byte[] header = new byte[HvtFormat.HEADER_BYTES];
        if (bytes.read(header, 0, header.length) < header.length) {
            throw damaged(CUT_OFF);
        }
        if (!Arrays.equals(header, 0, HvtFormat.MAGIC.length, HvtFormat.MAGIC, 0, HvtFormat.MAGIC.length)) {
            throw damaged("not the beginning of a .hvt trace");
        }
        int version = (int) INTS.get(header, 8);
        if (version != HvtFormat.VERSION) {
            throw TraceFault.inFile(
                    damage.file(), "is of version " + version, "this hvsim reads version " + HvtFormat.VERSION);
        }
        checksum.reset();
        checksum.update(header, 0, HvtFormat.CHECKED_HEADER_BYTES);
        if ((int) checksum.getValue() != (int) INTS.get(header, HvtFormat.CHECKED_HEADER_BYTES)) {
            throw damaged("the header does not match its checksum");
        }
        long references = 0;
        for (int at = 12; at < HvtFormat.CHECKED_HEADER_BYTES; at += Long.BYTES) {
            references += (long) LONGS.get(header, at);
        }
        if (references < 0) {
            throw damaged("the header counts more references than there can be");
        }
        return references;
    }

    /** Goes to the next good block; false at the end of the trace. */
    private boolean nextBlock() {
        while (!ended) {
            blockOffset = bytes.offset();
            String wrong = readBlock();
            if (wrong.isEmpty()) {
                return begin() || end();
            }
            damage.at("byte " + TraceFault.number(blockOffset), wrong, RULE);
        }
        return false;
    }

    /** Reads a block; what is wrong with it, or nothing. After a wrong header no other block can be found. */
    private String readBlock() {
        if (bytes.read(blockHeader, 0, blockHeader.length) < blockHeader.length) {
            ended = true;
            return CUT_OFF;
        }
        int references = (int) INTS.get(blockHeader, 0);
        payloadBytes = (int) INTS.get(blockHeader, 4);
        boolean fits = references >= 0
                && references <= HvtFormat.BLOCK_REFERENCES
                && payloadBytes >= references
                && payloadBytes <= HvtFormat.MAX_PAYLOAD_BYTES;
        if (!fits) {
            ended = true;
            return "a block of " + references + " references in " + payloadBytes + " bytes";
        }
        if (bytes.read(payload, 0, payloadBytes) < payloadBytes) {
            ended = true;
            return CUT_OFF;
        }
        checksum.reset();
        checksum.update(blockHeader, 0, HvtFormat.CHECKED_BLOCK_BYTES);
        checksum.update(payload, 0, payloadBytes);
        boolean same = (int) checksum.getValue() == (int) INTS.get(blockHeader, HvtFormat.CHECKED_BLOCK_BYTES);
        return same ? "" : "the block does not match its checksum";
    }

    /** False for the block that ends the trace. */
    private boolean begin() {
        blockLeft = (int) INTS.get(blockHeader, 0);
        blockTouches = (int) INTS.get(blockHeader, 8) != 0 || damage.isLenient();
        code = 0;
        operand = blockLeft;
        Arrays.fill(bases, 0);
        return blockLeft > 0;
    }

    private boolean end() {
        ended = true;
        if (payloadBytes != 0 || made != length && !damage.isLenient()) {
            throw damaged("the trace ends after " + TraceFault.number(made) + " of " + TraceFault.number(length)
                    + " references");
        }
        if (bytes.read(new byte[1], 0, 1) != 0) {
            damage.at("byte " + TraceFault.number(bytes.offset()), "more bytes follow the end of the trace", RULE);
        }
        return false;
    }

    private ProgramUnreadableException damaged(String what) {
        return TraceFault.inFile(damage.file(), "byte " + TraceFault.number(blockOffset) + ": " + what, RULE);
    }

    private static long[] masks() {
        long[] masks = new long[Long.BYTES + 1];
        for (int width = 1; width <= Long.BYTES; width++) {
            masks[width] = -1L >>> Long.SIZE - 8 * width;
        }
        return masks;
    }
}
