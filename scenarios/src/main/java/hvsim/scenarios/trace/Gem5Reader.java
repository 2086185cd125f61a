package hvsim.scenarios.trace;

import hvsim.cpu.GuestOp;

/**
 * Packets of gem5 as its decoding script prints them, one a line, all numbers decimal:
 *
 * <pre>
 *   [ID,]COMMAND,ADDRESS,SIZE[,FLAGS],TICK[,PC]
 *   5,r,4198710,3,256,77000          command r: read, w: write, u: any other
 *
 *   flags    bit 8 fetch | 19 no access | 24 prefetch | 29 walk of a page table
 * </pre>
 *
 * Packets of other commands, prefetches and walks are passed over. Of five fields from the command on the fourth
 * is the flags: what records program counters records flags too.
 */
final class Gem5Reader extends LineReader {
    private static final String RULE =
            "a record is [ID,]COMMAND,ADDRESS,SIZE[,FLAGS],TICK[,PC]: the command r, w or u," + " all numbers decimal";
    private static final long FETCH = 0x100;
    private static final long NO_REFERENCE = 0x0008_0000L | 0x0100_0000L | 0x2000_0000L;
    private static final int OTHER = -1;
    private static final int NONE = -2;

    private long passedOver;

    Gem5Reader(TraceBytes bytes, Damage damage) {
        super(bytes, damage, RULE);
    }

    @Override
    int parse(Cursor line, long[] into) {
        if (line.isDigit() && !(line.decimal() && line.skip(","))) {
            return line.fail("begins with no identifier of 64 bits");
        }
        int command = command(line);
        if (command == NONE) {
            return line.fail("has no command r, w or u");
        }
        if (!line.decimal() || !line.skip(",")) {
            return line.fail("has no address of 64 bits");
        }
        long address = line.value();
        if (!line.decimal()) {
            return line.fail("has no size");
        }
        long size = line.value();
        if (!flags(line)) {
            return line.fail("has no tick, or something else behind it");
        }
        return reference(line, command, address, size, line.value(), into);
    }

    @Override
    public long passedOver() {
        return passedOver;
    }

    private int reference(Cursor line, int command, long address, long size, long flags, long[] into) {
        if (command == OTHER || (flags & NO_REFERENCE) != 0) {
            passedOver++;
            return 0;
        }
        if (!Words.isSize(size)) {
            return line.fail(TraceFault.NO_SIZE);
        }
        if (!Words.isCanonical(address, (int) size)) {
            return line.fail(TraceFault.NOT_CANONICAL);
        }
        boolean isFetch = command == GuestOp.READ && (flags & FETCH) != 0;
        return Words.put(into, 0, isFetch ? GuestOp.FETCH : command, address, (int) size);
    }

    private static int command(Cursor line) {
        if (line.skip("r,")) {
            return GuestOp.READ;
        }
        return line.skip("w,") ? GuestOp.WRITE : line.skip("u,") ? OTHER : NONE;
    }

    /** Reads what follows the size; leaves the flags, or 0, as the number read last. */
    private static boolean flags(Cursor line) {
        int fields = 0;
        long flags = 0;
        while (line.skip(",")) {
            if (!line.decimal()) {
                return false;
            }
            flags = fields == 0 ? line.value() : flags;
            fields++;
        }
        return fields >= 1 && fields <= 3 && line.isAtEnd() && line.number(fields == 1 ? 0 : flags);
    }
}
