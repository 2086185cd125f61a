package hvsim.scenarios.trace;

import hvsim.cpu.ProgramUnreadableException;
import java.util.Locale;

/** What can be said about a trace that cannot be read: where, what, then the rule. */
final class TraceFault {
    static final String NOT_CANONICAL = "is at no address of a 48-bit machine: bits 63 to 47 have to be alike";
    static final String NO_SIZE = "has no size of 1 to 1,048,576 bytes";

    private TraceFault() {}

    static ProgramUnreadableException inFile(String file, String what, String rule) {
        return new ProgramUnreadableException(file + ": error: " + what + "\n    " + rule);
    }

    /** With a comma between thousands. */
    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
