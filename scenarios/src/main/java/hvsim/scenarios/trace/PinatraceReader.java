package hvsim.scenarios.trace;

import hvsim.cpu.GuestOp;

/**
 * Text of Pin's example tool pinatrace, one access a line:
 *
 * <pre>
 *   0x401136: W 0x7ffd5c0e1a48                address of the instruction, kind, address of the data
 *   0x401139: R     0x7ffd5c0e1a48  8  0x1    the tool among Pin's simple examples adds size and value
 *   #eof                                      lines that begin with # are comments
 * </pre>
 *
 * A line whose instruction is not that of the line before begins with a fetch of it. Sizes that are not there
 * are one byte.
 */
final class PinatraceReader extends LineReader {
    private static final String RULE = "a record is 'ADDRESS: R ADDRESS' or 'ADDRESS: W ADDRESS' in hex, size and"
            + " value may follow; a comment begins with #";

    private long instruction = -1;

    PinatraceReader(TraceBytes bytes, Damage damage) {
        super(bytes, damage, RULE);
    }

    @Override
    int parse(Cursor line, long[] into) {
        if (line.peek() == '#') {
            return 0;
        }
        if (!line.hex() || !line.skip(": ")) {
            return line.fail("has no instruction's address and ': '");
        }
        long ip = line.value();
        int access = line.skip("R") ? GuestOp.READ : line.skip("W") ? GuestOp.WRITE : -1;
        if (access < 0 || !line.spaces()) {
            return line.fail("has neither R nor W");
        }
        if (!line.hex()) {
            return line.fail("has no address of 64 bits");
        }
        long address = line.value();
        if (!size(line) || !Words.isSize(line.value())) {
            return line.fail(TraceFault.NO_SIZE);
        }
        int size = (int) line.value();
        if (!Words.isCanonical(ip, 1) || !Words.isCanonical(address, size)) {
            return line.fail(TraceFault.NOT_CANONICAL);
        }
        int n = ip == instruction ? 0 : Words.put(into, 0, GuestOp.FETCH, ip, 1);
        instruction = ip;
        return Words.put(into, n, access, address, size);
    }

    private static boolean size(Cursor line) {
        if (line.isAtEnd()) {
            return line.number(1);
        }
        return line.spaces() && line.decimal() && (line.isAtEnd() || line.spaces());
    }
}
