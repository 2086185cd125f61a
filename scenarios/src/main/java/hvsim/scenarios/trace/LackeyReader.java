package hvsim.scenarios.trace;

import hvsim.cpu.GuestOp;
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
 *   ==4641== ...       valgrind's own messages come on the same stream and are skipped; --4641-- and **4641** too
 * </pre>
 *
 * LF or CR LF ends a line.
 */
final class LackeyReader implements TraceReader {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int FETCH = 'I' | ' ' << 8 | ' ' << 16;
    private static final int LOAD = ' ' | 'L' << 8 | ' ' << 16;
    private static final int STORE = ' ' | 'S' << 8 | ' ' << 16;
    private static final int MODIFY = ' ' | 'M' << 8 | ' ' << 16;
    private static final int KIND_BYTES = 3;
    private static final int NONE = -1;
    private static final String RULE = "a record is 'I  ADDR,SIZE', ' L ADDR,SIZE', ' S ADDR,SIZE' or ' M ADDR,SIZE':"
            + " the address in lower-case hex, the size in bytes";

    private static final int BUFFER_BYTES = 1 << 18;

    /** No record is longer: 3 + 16 digits + comma + 7 digits + line end, with room for the parser to look ahead. */
    private static final int LONGEST_RECORD_BYTES = 64;

    private static final int SKIPPED_AT_ONCE = 1024;
    private static final byte NO_DIGIT = -1;
    private static final byte[] HEX = hexDigits();

    private final TraceBytes bytes;
    private final Damage damage;
    private final byte[] buffer = new byte[BUFFER_BYTES + LONGEST_RECORD_BYTES];
    private int pos;
    private int limit;
    private boolean ended;
    private long made;
    private long otherLines;

    LackeyReader(TraceBytes bytes, Damage damage) {
        this.bytes = bytes;
        this.damage = damage;
    }

    @Override
    public int read(long[] words, int from, int references) {
        int n = from;
        for (int left = references; left > 0; left--) {
            int next;
            do {
                if (!toNextRecord()) {
                    return n;
                }
                next = parse(words, n);
            } while (next == NONE);
            n = next;
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
        while (isMessage(buffer[pos]) && pos < limit) {
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

    private static boolean isMessage(byte first) {
        return first == '=' || first == '-' || first == '*';
    }

    /** {@code ==PID== text}, of any length. */
    private void skipMessage() {
        if (buffer[pos + 1] != buffer[pos] || HEX[buffer[pos + 2] & 0xFF] == NO_DIGIT) {
            passDamagedLine();
            return;
        }
        if (!toLineEnd()) {
            damage.inLine(line(), "the file ends in the middle of a message of valgrind", RULE);
        }
        nextLine();
    }

    /** Goes to the end of the line; false if the file ends before it. */
    private boolean toLineEnd() {
        while (pos < limit && buffer[pos] != '\n') {
            if (++pos >= limit) {
                refill();
            }
        }
        return pos < limit;
    }

    private void nextLine() {
        pos += pos < limit ? 1 : 0;
        otherLines++;
        if (limit - pos < LONGEST_RECORD_BYTES) {
            refill();
        }
    }

    private int parse(long[] words, int n) {
        byte[] b = buffer;
        int p = pos;
        int access = access((int) INTS.get(b, p) & 0xFF_FFFF);
        p += KIND_BYTES;
        long address = 0;
        int digit;
        int digits = p;
        while ((digit = HEX[b[p] & 0xFF]) >= 0) {
            address = address << 4 | digit;
            p++;
        }
        digits = p - digits;
        boolean good = access != NONE && digits > 0 && digits <= 16 && b[p] == ',';
        int sizeStart = ++p;
        int size = 0;
        while ((digit = b[p] - '0') >= 0 && digit <= 9 && p - sizeStart < 8) {
            size = 10 * size + digit;
            p++;
        }
        p += b[p] == '\r' ? 1 : 0;
        if (!good || b[p] != '\n' || !Words.isSize(size) || !Words.isCanonical(address, size)) {
            passDamagedLine();
            return NONE;
        }
        pos = p + 1;
        return Words.put(words, n, access, address, size);
    }

    private static int access(int kind) {
        return switch (kind) {
            case FETCH -> GuestOp.FETCH;
            case LOAD -> GuestOp.READ;
            case STORE -> GuestOp.WRITE;
            case MODIFY -> GuestOp.MODIFY;
            default -> NONE;
        };
    }

    private long line() {
        return made + otherLines + 1;
    }

    private void passDamagedLine() {
        int end = pos;
        while (end < limit && buffer[end] != '\n' && end - pos < Cursor.QUOTED_BYTES) {
            end++;
        }
        String text = new String(buffer, pos, end - pos, StandardCharsets.ISO_8859_1);
        damage.inLine(line(), LackeyFault.of(text, end == limit), RULE);
        toLineEnd();
        nextLine();
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
