package hvsim.scenarios.trace;

/** Reads formats of text with at most a few references a line; LF or CR LF ends a line. */
abstract class LineReader extends RecordReader {
    /** What {@link #parse} returns for a line that is damaged. */
    static final int DAMAGED = -1;

    /** A longer line is damaged. */
    private static final int LONGEST_LINE_BYTES = 1 << 13;

    private static final int BUFFER_BYTES = 1 << 16;

    private final Damage damage;
    private final String rule;
    private final Cursor line = new Cursor();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int pos;
    private int limit;
    private boolean ended;
    private long lines;

    /** @param rule how a line should look */
    LineReader(TraceBytes bytes, Damage damage, String rule) {
        super(bytes);
        this.damage = damage;
        this.rule = rule;
    }

    /**
     * Writes the references of a line from index 0 on.
     *
     * @return their words, 0 for a line that has none, or {@code cursor.fail(...)}
     */
    abstract int parse(Cursor cursor, long[] into);

    @Override
    final int next(long[] into) {
        int words = 0;
        while (words <= 0 && toNextLine()) {
            words = parse(line, into);
            if (words == DAMAGED) {
                damage.inLine(lines, line.quoted() + " " + line.wrong(), rule);
            }
        }
        return Math.max(words, 0);
    }

    private boolean toNextLine() {
        while (true) {
            int lineEnd = lineEnd();
            if (pos == limit) {
                return false;
            }
            lines++;
            boolean isWhole = lineEnd < limit && lineEnd - pos <= LONGEST_LINE_BYTES;
            boolean isCarriageReturn = isWhole && lineEnd > pos && buffer[lineEnd - 1] == '\r';
            line.set(buffer, pos, isCarriageReturn ? lineEnd - 1 : lineEnd);
            if (isWhole) {
                pos = lineEnd + 1;
                return true;
            }
            passDamagedLine(lineEnd);
        }
    }

    /** Index of the end of the line at {@code pos}; {@code limit} if it is cut off or longer than allowed. */
    private int lineEnd() {
        int at = pos;
        while (true) {
            while (at < limit && buffer[at] != '\n') {
                at++;
            }
            if (at < limit || ended || at - pos > LONGEST_LINE_BYTES) {
                return at;
            }
            int seen = at - pos;
            refill();
            at = pos + seen;
        }
    }

    private void refill() {
        System.arraycopy(buffer, pos, buffer, 0, limit - pos);
        limit -= pos;
        pos = 0;
        int wanted = buffer.length - limit;
        int n = bytes().read(buffer, limit, wanted);
        limit += n;
        ended = n < wanted;
    }

    private void passDamagedLine(int lineEnd) {
        boolean isLong = lineEnd - pos > LONGEST_LINE_BYTES;
        String what =
                isLong ? line.quoted() + " goes on for too long" : "the file ends in the middle of " + line.quoted();
        long number = lines;
        pos = lineEnd;
        while (pos == limit && !ended) {
            refill();
            while (pos < limit && buffer[pos] != '\n') {
                pos++;
            }
        }
        pos += pos < limit ? 1 : 0;
        damage.inLine(number, what, rule);
    }
}
