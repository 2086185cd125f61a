package hvsim.scenarios.trace;

/** What one reader does with damage: it ends, or, if lenient, leaves it out and counts. */
final class Damage {
    private static final String LENIENT = "\n    --lenient leaves out what is damaged and counts it";

    private final String file;
    private final boolean lenient;
    private final LeftOut leftOut;
    private long count;

    /** @param leftOut shared by all readers of the trace */
    Damage(String file, boolean lenient, LeftOut leftOut) {
        this.file = file;
        this.lenient = lenient;
        this.leftOut = leftOut;
    }

    String file() {
        return file;
    }

    boolean isLenient() {
        return lenient;
    }

    /** @throws hvsim.cpu.ProgramUnreadableException unless lenient */
    void at(String where, String what, String rule) {
        if (!lenient) {
            throw TraceFault.inFile(file, where + ": " + what, rule + LENIENT);
        }
        leftOut.met(++count, where + ": " + what);
    }

    /** The same in a line of text, numbered from 1. */
    void inLine(long line, String what, String rule) {
        at("line " + TraceFault.number(line) + " of the text", what, rule);
    }
}
