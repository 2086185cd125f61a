package hvsim.scenarios.trace;

import hvsim.cpu.GuestOp;

/**
 * Text that the view tool of DynamoRIO's drmemtrace prints:
 *
 * <pre>
 *   RECORD INSTRUCTION:     THREAD ifetch       3 byte(s) @ 0x00000000004010a6 48 89 e7   mov %rsp -> %rdi
 *   RECORD INSTRUCTION:     THREAD write        8 byte(s) @ 0x00007ffd90c13950 by PC 0x00000000004010a3
 *   RECORD INSTRUCTION:     THREAD &lt;marker: ...>   and other notes in angle brackets
 *   RECORD INSTRUCTION:     THREAD                 00 00 00       more bytes of a long instruction
 *   RECORD INSTRUCTION:     THREAD non-fetched  2 byte(s) @ 0x00000000004010b0 f3 a4      rep movs, not the first time round
 * </pre>
 *
 * with a heading, lines of dashes where the thread changes or records are missing, notes without a prefix where
 * a core has no thread, and a count at the end. THREAD is a number; newer versions write W0.T1234, the workload before
 * it. Prefetches, flushes and instructions that are not fetched again are passed over.
 */
final class DrmemtraceReader extends LineReader {
    private static final String RULE = "a record is 'RECORD INSTRUCTION: THREAD ifetch|read|write SIZE byte(s) @"
            + " 0xADDRESS', or a note in angle brackets";
    private static final int MAX_WORKLOAD_BITS = 20;
    private static final int THREAD_BITS = 43;
    private static final String[] HEADINGS = {"---", "Output format:", "<", "View tool results:"};
    private static final String[] NO_REFERENCES = {"pref", "iflush ", "dflush ", "non-fetched "};

    private final ThreadPart part;
    private final Threads threads = new Threads();
    private long passedOver;

    DrmemtraceReader(TraceBytes bytes, Damage damage, ThreadPart part) {
        super(bytes, damage, RULE);
        this.part = part;
    }

    @Override
    int parse(Cursor line, long[] into) {
        if (beginsWithAny(line, HEADINGS)) {
            return 0;
        }
        line.spaces();
        if (!line.decimal()) {
            return line.fail("has no number of a record");
        }
        if (line.spaces() && line.isDigit()) {
            line.decimal();
        }
        if (line.beginsWith(": total ")) {
            return 0;
        }
        if (!line.skip(":") || !line.spaces() || !thread(line)) {
            return line.fail("has no ': THREAD '");
        }
        int thread = threads.number(line.value());
        if (thread == Threads.TOO_MANY) {
            return line.fail("is of more threads than " + TraceFault.number(Threads.MOST));
        }
        boolean isOurs = part.has(thread);
        int n = details(line, into);
        return isOurs ? n : Math.min(n, 0);
    }

    @Override
    public int threads() {
        return threads.count();
    }

    @Override
    public long passedOver() {
        return passedOver;
    }

    /** Leaves workload and thread as one number. */
    private static boolean thread(Cursor line) {
        long workload = 0;
        if (line.skip("W")) {
            if (!line.decimal() || line.value() >>> MAX_WORKLOAD_BITS != 0 || !line.skip(".")) {
                return false;
            }
            workload = line.value();
        }
        line.skip("T");
        boolean isThread = line.decimal() && line.value() >>> THREAD_BITS == 0;
        return isThread && line.number(workload << THREAD_BITS | line.value()) && (line.spaces() || line.isAtEnd());
    }

    private int details(Cursor line, long[] into) {
        if (line.peek() == '<' || line.isAtEnd() || line.isHexByte()) {
            return 0;
        }
        if (beginsWithAny(line, NO_REFERENCES)) {
            passedOver++;
            return 0;
        }
        int access = access(line);
        if (access < 0 || !line.spaces()) {
            return line.fail("is none of ifetch, read and write");
        }
        if (!line.decimal() || !Words.isSize(line.value())) {
            return line.fail(TraceFault.NO_SIZE);
        }
        int size = (int) line.value();
        if (!line.skip(" byte(s) @ ") || !line.hex() || !(line.isAtEnd() || line.spaces())) {
            return line.fail("has no ' byte(s) @ 0xADDRESS'");
        }
        return Words.isCanonical(line.value(), size)
                ? Words.put(into, 0, access, line.value(), size)
                : line.fail(TraceFault.NOT_CANONICAL);
    }

    private static int access(Cursor line) {
        if (line.skip("ifetch")) {
            return GuestOp.FETCH;
        }
        return line.skip("read") ? GuestOp.READ : line.skip("write") ? GuestOp.WRITE : -1;
    }

    private static boolean beginsWithAny(Cursor line, String[] texts) {
        for (String text : texts) {
            if (line.beginsWith(text)) {
                return true;
            }
        }
        return false;
    }
}
