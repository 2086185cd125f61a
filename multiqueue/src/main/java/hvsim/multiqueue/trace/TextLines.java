package hvsim.multiqueue.trace;

import org.jspecify.annotations.Nullable;

/** Lines of ASCII, of a length that no real trace has to reach. */
final class TextLines {
    private static final int MOST_CHARACTERS = 4096;

    private final ByteReader in;
    private final StringBuilder line = new StringBuilder();
    private long number;

    TextLines(ByteReader in) {
        this.in = in;
    }

    /** Of the last line, from 1. */
    long number() {
        return number;
    }

    /** Without its end; null behind the last one. */
    @Nullable
    String next() {
        if (in.isAtEnd()) {
            return null;
        }
        number++;
        line.setLength(0);
        for (int c = in.read(); c != '\n' && c != ByteReader.END; c = in.read()) {
            add(c);
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
    }

    private void add(int c) {
        if (line.length() == MOST_CHARACTERS) {
            throw new BadTraceException("line " + number + " is longer than " + MOST_CHARACTERS + " characters");
        }
        if (c == 0 || c > 0x7E) {
            throw new BadTraceException("line " + number + " is no text: it has byte " + Integer.toHexString(c) + "H");
        }
        line.append((char) c);
    }
}
