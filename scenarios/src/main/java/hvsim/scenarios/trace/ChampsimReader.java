package hvsim.scenarios.trace;

import static hvsim.scenarios.trace.HvtReader.LONGS;

import hvsim.cpu.GuestOp;

/**
 * ChampSim's records of instructions, each 64 bytes, little-endian:
 *
 * <pre>
 *   0     8           9              10         12        16               32             64
 *   | ip  | is_branch | branch_taken | 2 written | 4 read | 2 destinations | 4 sources    |
 *   | u64 | u8 0, 1   | u8 0, 1      | registers, u8      | addresses u64  | addresses u64|   address 0: none
 * </pre>
 *
 * An instruction is a fetch, then its sources as loads, then its destinations as stores. The format has no sizes;
 * each is one byte.
 */
final class ChampsimReader extends RecordReader {
    static final int RECORD_BYTES = 64;

    private static final int IS_BRANCH = 8;
    private static final int BRANCH_TAKEN = 9;
    private static final int DESTINATIONS = 16;
    private static final int SOURCES = 32;
    private static final String RULE = "a record is 64 bytes: ip u64, is_branch u8, branch_taken u8, 6 registers u8,"
            + " 2 destinations u64, 4 sources u64";

    private final Damage damage;
    private final byte[] record = new byte[RECORD_BYTES];

    ChampsimReader(TraceBytes bytes, Damage damage) {
        super(bytes);
        this.damage = damage;
    }

    @Override
    int next(long[] into) {
        while (true) {
            long offset = bytes().offset();
            int n = bytes().read(record, 0, RECORD_BYTES);
            String wrong = n < RECORD_BYTES ? "the file ends in the middle of a record" : wrong(record);
            if (n == 0 || wrong.isEmpty()) {
                return n == 0 ? 0 : references(into);
            }
            damage.at("byte " + TraceFault.number(offset) + " of the records", wrong, RULE);
        }
    }

    /** What is wrong with a record; empty if nothing is. */
    static String wrong(byte[] record) {
        if ((record[IS_BRANCH] | record[BRANCH_TAKEN]) >>> 1 != 0) {
            return "is_branch and branch_taken are " + (record[IS_BRANCH] & 0xFF) + " and "
                    + (record[BRANCH_TAKEN] & 0xFF) + ", not 0 or 1";
        }
        if (address(record, 0) == 0) {
            return "the instruction's address is 0";
        }
        boolean canonical = Words.isCanonical(address(record, 0), 1);
        for (int at = DESTINATIONS; at < RECORD_BYTES; at += Long.BYTES) {
            canonical &= Words.isCanonical(address(record, at), 1);
        }
        return canonical ? "" : "an address " + TraceFault.NOT_CANONICAL;
    }

    private int references(long[] into) {
        int n = Words.put(into, 0, GuestOp.FETCH, address(record, 0), 1);
        n = operands(into, n, GuestOp.READ, SOURCES, RECORD_BYTES);
        return operands(into, n, GuestOp.WRITE, DESTINATIONS, SOURCES);
    }

    private int operands(long[] into, int from, int access, int first, int end) {
        int n = from;
        for (int at = first; at < end; at += Long.BYTES) {
            long address = address(record, at);
            n = address == 0 ? n : Words.put(into, n, access, address, 1);
        }
        return n;
    }

    private static long address(byte[] record, int at) {
        return (long) LONGS.get(record, at);
    }
}
