package hvsim.scenarios.expect;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The words, numbers and signs of a line. */
final class Tokens {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9][0-9_]{0,30}(\\.[0-9]{1,30})?[kMG%]?");

    /** @param offset from 0 */
    record Token(String text, int offset) {
        boolean isNumber() {
            return NUMBER.matcher(text).matches();
        }

        boolean isPercent() {
            return text.endsWith("%");
        }

        /** A share for a percentage. */
        BigDecimal number() {
            String digits = text.replace("_", "").replaceFirst("[kMG%]$", "");
            int power = switch (text.charAt(text.length() - 1)) {
                case 'k' -> 3;
                case 'M' -> 6;
                case 'G' -> 9;
                case '%' -> -2;
                default -> 0;
            };
            return new BigDecimal(digits).scaleByPowerOfTen(power);
        }

        Optional<Operator> operator() {
            return Operator.at(text, 0);
        }
    }

    private Tokens() {}

    static List<Token> of(String text) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
                continue;
            }
            int end = end(text, at);
            tokens.add(new Token(text.substring(at, end), at));
            at = end;
        }
        return tokens;
    }

    private static int end(String text, int start) {
        Optional<Operator> operator = Operator.at(text, start);
        if (operator.isPresent()) {
            return start + operator.get().sign().length();
        }
        int end = start + 1;
        while (!isSign(text.charAt(start)) && end < text.length() && isWord(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isWord(char c) {
        return !Character.isWhitespace(c) && !isSign(c);
    }

    private static boolean isSign(char c) {
        return "<>=!*".indexOf(c) >= 0;
    }
}
