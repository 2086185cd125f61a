package hvsim.multiqueue.trace;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a storage trace is written in. */
public enum StorageFormat {
    /** {@code timestamp in 100 ns,host,disk,Read or Write,offset,bytes,response time}. */
    MSR_CAMBRIDGE {
        @Override
        StorageRequest parse(String line) throws BadLineException {
            Fields fields = Fields.ofCommas(line);
            long ticks = fields.number(0, "timestamp", 0);
            return new StorageRequest(
                    Math.multiplyExact(ticks % TICKS_OF_A_CENTURY, 100),
                    volume(fields.number(2, "disk number", 0)),
                    isWrite(fields.text(3, "type"), "read", "write"),
                    fields.number(4, "offset", 0),
                    fields.number(5, "size", 1));
        }
    },

    /** {@code application storage unit,block of 512 bytes,bytes,r or w,seconds}. */
    SPC {
        @Override
        StorageRequest parse(String line) throws BadLineException {
            Fields fields = Fields.ofCommas(line);
            return new StorageRequest(
                    fields.nanos(4, "timestamp"),
                    volume(fields.number(0, "application storage unit", 0)),
                    isWrite(fields.text(3, "opcode"), "r", "w"),
                    sectors(fields.number(1, "block", 0)),
                    fields.number(2, "size", 1));
        }
    },

    /**
     * blkparse's default output, of which the requests count that were queued (action Q): {@code major,minor cpu
     * sequence seconds process Q flags sector + sectors [command]}.
     */
    BLKPARSE {
        @Override
        @Nullable
        StorageRequest parse(String line) throws BadLineException {
            Fields fields = Fields.ofBlanks(line);
            boolean queued = fields.text(5, "action").equals("Q");
            return queued && movesData(fields) ? queued(fields) : null;
        }

        /** Flushes and discards move none. */
        private boolean movesData(Fields fields) throws BadLineException {
            String flags = fields.text(6, "flags");
            boolean data = flags.indexOf('R') >= 0 || flags.indexOf('W') >= 0;
            boolean flush = flags.startsWith("F") && fields.size() < 10;
            return data && !flush && flags.indexOf('D') < 0;
        }

        private StorageRequest queued(Fields fields) throws BadLineException {
            if (!fields.text(8, "sign +").equals("+")) {
                throw new BadLineException("there is no '+' between sector and number of sectors");
            }
            String[] device = fields.text(0, "device").split(",", -1);
            Fields numbers = new Fields(List.of(device));
            return new StorageRequest(
                    fields.nanos(3, "timestamp"),
                    volume(numbers.number(1, "minor device number", 0)),
                    fields.text(6, "flags").indexOf('W') >= 0,
                    sectors(fields.number(7, "sector", 0)),
                    sectors(fields.number(9, "number of sectors", 1)));
        }

        /** The summary. */
        @Override
        boolean isEnd(String line) {
            return line.startsWith("CPU") || line.startsWith("Total (");
        }
    };

    /** Since 1601, what fits into 63 bits as nanoseconds is 292 years: the century is left out. */
    private static final long TICKS_OF_A_CENTURY = 31_557_600_000_000_000L;

    /** Null for a line that is no request. */
    abstract @Nullable StorageRequest parse(String line) throws BadLineException;

    boolean isEnd(String line) {
        return false;
    }

    private static int volume(long number) throws BadLineException {
        if (number > Integer.MAX_VALUE) {
            throw new BadLineException("there is no volume " + number);
        }
        return (int) number;
    }

    private static long sectors(long count) throws BadLineException {
        if (count > Long.MAX_VALUE >> 9) {
            throw new BadLineException(count + " sectors are more than 63 bits of bytes");
        }
        return count << 9;
    }

    private static boolean isWrite(String text, String read, String write) throws BadLineException {
        String word = text.toLowerCase(Locale.ROOT);
        if (!word.equals(read) && !word.equals(write)) {
            throw new BadLineException("'" + text + "' is neither " + read + " nor " + write);
        }
        return word.equals(write);
    }
}
