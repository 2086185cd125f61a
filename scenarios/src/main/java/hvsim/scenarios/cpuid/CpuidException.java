package hvsim.scenarios.cpuid;

/** A dump cannot be understood. */
public final class CpuidException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 60;

    private final int line;
    private final String rule;

    /** @param line from 1 */
    CpuidException(int line, String what, String rule) {
        super(what, null, false, false);
        this.line = line;
        this.rule = rule;
    }

    /** From 1. */
    public int line() {
        return line;
    }

    /** What would be right. */
    public String rule() {
        return rule;
    }

    static String shortened(String text) {
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= LONGEST ? printable : printable.substring(0, LONGEST) + "...";
    }
}
