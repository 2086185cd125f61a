package hvsim.scenarios.workload;

import hvsim.cpu.GuestOp;
import hvsim.cpu.ProgramUnreadableException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Parses lackey text straight from a buffer of bytes, one reference a line:
 *
 * <pre>
 *   I  04016b70,3      fetch of one instruction
 *    L 1fff000d28,8    load         S store         M modify: one reference that loads and stores
 *   ==4641== ...       valgrind's own messages come on the same stream and are skipped
 * </pre>
 */
final class LackeyReader implements TraceReader {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int FETCH = 'I' | ' ' << 8 | ' ' << 16;
    private static final int LOAD = ' ' | 'L' << 8 | ' ' << 16;
    private static final int STORE = ' ' | 'S' << 8 | ' ' << 16;
    private static final int MODIFY = ' ' | 'M' << 8 | ' ' << 16;
    private static final int KIND_BYTES = 3;

    private static final int BUFFER_BYTES = 1 << 18;

    /** No record is longer: 3 + 16 digits + comma + 7 digits + line end, with room for the parser to look ahead. */
    private static final int LONGEST_RECORD_BYTES = 64;

    private static final int SKIPPED_AT_ONCE = 1024;
    private static final int QUOTED_BYTES = 60;
    private static final byte NO_DIGIT = -1;
    private static final byte[] HEX = hexDigits();
    private static final long CANONICAL_BIAS = 1L << 47;

    private final TraceBytes bytes;
    private final String name;
    private final byte[] buffer = new byte[BUFFER_BYTES + LONGEST_RECORD_BYTES];
    private int pos;
    private int limit;
    private boolean ended;
    private long made;
    private long messageLines;

    LackeyReader(TraceBytes bytes, String name) {
        this.bytes = bytes;
        this.name = name;
    }

    @Override
    public int read(long[] words, int from, int references) {
        int n = from;
        for (int left = references; left > 0; left--) {
            if (!toNextRecord()) {
                break;
            }
            n = parse(words, n);
            made++;
        }
        return n;
    }

    @Override
    public long made() {
        return made;
    }

    @Override
    public void skip(long references) {
        long[] words = new long[2 * SKIPPED_AT_ONCE];
        long left = references;
        while (left > 0 && read(words, 0, (int) Math.min(left, SKIPPED_AT_ONCE)) > 0) {
            left -= SKIPPED_AT_ONCE;
        }
    }

    @Override
    public boolean mayTouchNewPages() {
        return true;
    }

    @Override
    public void close() {
        bytes.close();
    }

    /** Puts a whole record into the buffer, if one is left. */
    private boolean toNextRecord() {
        if (limit - pos < LONGEST_RECORD_BYTES) {
            refill();
        }
        while (buffer[pos] == '=' && pos < limit) {
            skipMessage();
        }
        return pos < limit;
    }

    private void refill() {
        if (ended) {
            return;
        }
        System.arraycopy(buffer, pos, buffer, 0, limit - pos);
        limit -= pos;
        pos = 0;
        int wanted = BUFFER_BYTES - limit;
        int n = bytes.read(buffer, limit, wanted);
        limit += n;
        ended = n < wanted;
        Arrays.fill(buffer, limit, limit + LONGEST_RECORD_BYTES, (byte) 0); // the parser stops there
    }

    /** {@code ==PID== text}, of any length. */
    private void skipMessage() {
        if (buffer[pos + 1] != '=' || HEX[buffer[pos + 2] & 0xFF] == NO_DIGIT) {
            throw fault(pos);
        }
        while (buffer[pos] != '\n') {
            if (++pos >= limit) {
                refill();
                if (pos >= limit) {
                    throw TraceFault.inLine(name, line(), "the file ends in the middle of a message of valgrind");
                }
            }
        }
        pos++;
        messageLines++;
        if (limit - pos < LONGEST_RECORD_BYTES) {
            refill();
        }
    }

    private int parse(long[] words, int n) {
        byte[] b = buffer;
        int p = pos;
        int access = access((int) INTS.get(b, p) & 0xFF_FFFF, p);
        p += KIND_BYTES;
        long address = 0;
        int digit;
        int digits = p;
        while ((digit = HEX[b[p] & 0xFF]) >= 0) {
            address = address << 4 | digit;
            p++;
        }
        digits = p - digits;
        boolean good = digits > 0 && digits <= 16 && b[p] == ',';
        int sizeStart = ++p;
        int size = 0;
        while ((digit = b[p] - '0') >= 0 && digit <= 9 && p - sizeStart < 8) {
            size = 10 * size + digit;
            p++;
        }
        if (!good || b[p] != '\n' || size < 1 || size > GuestOp.MAX_WIDE_SIZE_BYTES || !isCanonical(address, size)) {
            throw fault(pos);
        }
        pos = p + 1;
        if (size <= GuestOp.MAX_PLAIN_SIZE_BYTES) {
            words[n] = GuestOp.memory(access, address, size);
            return n + 1;
        }
        words[n] = GuestOp.wide(access, size);
        words[n + 1] = address & GuestOp.GVA_MASK;
        return n + 2;
    }

    private int access(int kind, int p) {
        return switch (kind) {
            case FETCH -> GuestOp.FETCH;
            case LOAD -> GuestOp.READ;
            case STORE -> GuestOp.WRITE;
            case MODIFY -> GuestOp.MODIFY;
            default -> throw fault(p);
        };
    }

    /** Whether bits 63 to 47 are alike in the first and the last byte, and both are in the same half. */
    private static boolean isCanonical(long address, int size) {
        long last = address + size - 1;
        return (address + CANONICAL_BIAS | last + CANONICAL_BIAS) >>> 48 == 0 && (address ^ last) >= 0;
    }

    private long line() {
        return made + messageLines + 1;
    }

    private ProgramUnreadableException fault(int start) {
        int end = start;
        while (end < limit && buffer[end] != '\n' && end - start < QUOTED_BYTES) {
            end++;
        }
        String text = new String(buffer, start, end - start, StandardCharsets.ISO_8859_1);
        return TraceFault.inLine(name, line(), LackeyFault.of(text, end == limit));
    }

    private static byte[] hexDigits() {
        byte[] digits = new byte[256];
        Arrays.fill(digits, NO_DIGIT);
        for (int i = 0; i < 16; i++) {
            digits["0123456789abcdef".charAt(i)] = (byte) i;
        }
        return digits;
    }
}
