package hvsim.scenarios.workload;

import hvsim.cpu.ProgramUnreadableException;
import java.util.Locale;

/** What can be said about a trace that cannot be read: where, what, then the rule. */
final class TraceFault {
    private static final String RECORD = "a record is 'I  ADDR,SIZE', ' L ADDR,SIZE', ' S ADDR,SIZE' or ' M ADDR,SIZE':"
            + " the address in lower-case hex, the size in bytes";

    private TraceFault() {}

    static ProgramUnreadableException inFile(String file, String what, String rule) {
        return new ProgramUnreadableException(file + ": error: " + what + "\n    " + rule);
    }

    static ProgramUnreadableException inLine(String file, long line, String what) {
        return inFile(file, "line " + number(line) + " of the text: " + what, RECORD);
    }

    static ProgramUnreadableException atByte(String file, long offset, String what) {
        return inFile(
                file,
                "byte " + number(offset) + ": " + what,
                "the file is damaged or cut off; convert the trace again");
    }

    /** With a comma between thousands. */
    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
