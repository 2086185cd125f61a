package hvsim.scenarios.file;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists of values as {@code --vary} takes them: {@code a,b}, {@code 1..8}, {@code 64..4096 x2}, {@code 4MiB..64MiB +4MiB}. */
final class Values {
    private static final int MOST = 1_000;
    private static final String NUMBER = "([0-9]{1,18}(?:\\.[0-9]{1,9})?)([A-Za-z%/]*)";
    private static final Pattern RANGE = Pattern.compile(NUMBER + "\\.\\." + NUMBER + "(?: *([x+]) *" + NUMBER + ")?");
    private static final String EXAMPLES = "written 1..8, 64..4096 x2 or 4MiB..64MiB +4MiB";

    private Values() {}

    static List<String> expand(String text) throws BadValueException {
        List<String> all = new ArrayList<>();
        for (String value : split(text)) {
            Matcher range = RANGE.matcher(value);
            if (range.matches()) {
                expand(range, all);
            } else if (value.isEmpty()) {
                throw new BadValueException("a value is missing", "values are separated by single commas");
            } else {
                all.add(value);
            }
            if (all.size() > MOST) {
                throw new BadValueException("more than " + Text.grouped(MOST) + " values", "");
            }
        }
        return all;
    }

    private static void expand(Matcher range, List<String> all) throws BadValueException {
        Ladder ladder = Ladder.of(range.group(2), range.group(4), range.group(0));
        BigDecimal value = ladder.base(range.group(1), range.group(2));
        BigDecimal end = ladder.base(range.group(3), range.group(4));
        boolean multiply = "x".equals(range.group(5));
        boolean stepless = range.group(5) == null;
        if (stepless && !range.group(2).isEmpty() || multiply && !range.group(7).isEmpty()) {
            throw new BadValueException(
                    Text.quoted(range.group(0)) + (stepless ? " has no step" : " has a factor with a unit"), EXAMPLES);
        }
        BigDecimal step = stepless
                ? BigDecimal.ONE
                : multiply ? new BigDecimal(range.group(6)) : ladder.base(range.group(6), range.group(7));
        if (value.compareTo(end) > 0
                || step.compareTo(multiply ? BigDecimal.ONE : BigDecimal.ZERO) <= 0
                || multiply && value.signum() == 0) {
            throw new BadValueException(Text.quoted(range.group(0)) + " leads nowhere", EXAMPLES);
        }
        while (value.compareTo(end) <= 0 && all.size() <= MOST) {
            all.add(ladder.written(value));
            value = multiply ? value.multiply(step) : value.add(step);
        }
    }

    /** At the commas that stand in no brackets and no quotes. */
    static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        char quote = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '[' || c == '{') {
                depth++;
            } else if (c == ']' || c == '}') {
                depth--;
            } else if (c == ',' && depth <= 0) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(text.substring(start).strip());
        return parts;
    }
}
