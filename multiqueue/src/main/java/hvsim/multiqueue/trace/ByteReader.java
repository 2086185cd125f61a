package hvsim.multiqueue.trace;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The bytes of a trace, and how many of them are read. */
final class ByteReader {
    static final int END = -1;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int next;
    private int end;
    private long before;

    ByteReader(InputStream in) {
        this.in = in;
    }

    /** Bytes read so far. */
    long position() {
        return before + next;
    }

    /** 0 to 255, or {@link #END}. */
    int read() {
        return isAtEnd() ? END : buffer[next++] & 0xFF;
    }

    boolean isAtEnd() {
        if (next == end) {
            before += end;
            next = 0;
            end = Math.max(fill(), 0);
        }
        return next == end;
    }

    private int fill() {
        try {
            return in.read(buffer, 0, buffer.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** False if the bytes end before. */
    boolean read(byte[] into, int count) {
        for (int done = 0; done < count; ) {
            if (isAtEnd()) {
                return false;
            }
            int some = Math.min(count - done, end - next);
            System.arraycopy(buffer, next, into, done, some);
            next += some;
            done += some;
        }
        return true;
    }

    boolean skip(long count) {
        for (long left = count; left > 0; ) {
            if (isAtEnd()) {
                return false;
            }
            int some = (int) Math.min(left, end - next);
            next += some;
            left -= some;
        }
        return true;
    }
}
