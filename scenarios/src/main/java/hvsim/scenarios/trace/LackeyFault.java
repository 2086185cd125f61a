package hvsim.scenarios.trace;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what is wrong with a line of lackey text: the slow second look, once the fast parser has given up. */
final class LackeyFault {
    private static final Pattern KIND = Pattern.compile("(I  | [LSM] ).*");
    private static final Pattern ADDRESS = Pattern.compile("...([0-9a-f]+).*");
    private static final Pattern RECORD = Pattern.compile("...([0-9a-f]+),([0-9]+)");
    private static final int MAX_ADDRESS_DIGITS = 16;
    private static final int MAX_SIZE_DIGITS = 7;

    private LackeyFault() {}

    /**
     * @param line the line without its end, or its beginning if it is long
     * @param cut whether the file ends there
     */
    static String of(String line, boolean cut) {
        String quoted = Cursor.quoted(line);
        if (cut) {
            return "the file ends in the middle of " + quoted;
        }
        if (!KIND.matcher(line).matches()) {
            return quoted + " is no record";
        }
        Matcher address = ADDRESS.matcher(line);
        if (!address.matches()) {
            return quoted + " has no address";
        }
        if (address.group(1).length() > MAX_ADDRESS_DIGITS) {
            return quoted + " has an address of more than 64 bits";
        }
        Matcher record = RECORD.matcher(line);
        return record.matches() ? quoted + size(record.group(2)) : quoted + " has no ',SIZE'";
    }

    private static String size(String digits) {
        if (digits.length() > MAX_SIZE_DIGITS || Integer.parseInt(digits) > 1 << 20) {
            return " is larger than 1MiB";
        }
        return Integer.parseInt(digits) == 0 ? " has size 0" : " " + TraceFault.NOT_CANONICAL;
    }
}
