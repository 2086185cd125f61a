package hvsim.scenarios.expect;

import hvsim.scenarios.expect.Tokens.Token;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code METRIC OP VALUE-OR-METRIC [within 5%] [because TEXT]}. */
final class StatementParser {
    private static final Pattern BECAUSE = Pattern.compile("\\sbecause(\\s|$)");
    private static final String MULTIPLY = "*";
    private static final String SIDE = "a side is a number, a metric, or number * metric";

    private final String text;

    private StatementParser(String text) {
        this.text = text;
    }

    static Statement parse(String text) throws ExpectSyntaxException {
        return new StatementParser(text).statement();
    }

    private Statement statement() throws ExpectSyntaxException {
        Matcher because = BECAUSE.matcher(text);
        int end = because.find() ? because.start() : text.length();
        List<Token> tokens = Tokens.of(text.substring(0, end));
        int operator = operator(tokens, end);
        int within = within(tokens);
        return new Statement(
                side(tokens.subList(0, operator), 0),
                tokens.get(operator).operator().orElseThrow(),
                side(tokens.subList(operator + 1, within), end),
                tolerance(tokens.subList(within, tokens.size()), end),
                text.substring(0, end).strip());
    }

    private static int operator(List<Token> tokens, int end) throws ExpectSyntaxException {
        int found = -1;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if ("=!".contains(token.text())) {
                throw new ExpectSyntaxException(
                        token.offset(), "'" + token.text() + "' is no comparison", "choices: < <= > >= == !=");
            }
            if (token.operator().isPresent() && found >= 0) {
                throw new ExpectSyntaxException(token.offset(), "a second comparison", "one line, one comparison");
            }
            found = token.operator().isPresent() ? i : found;
        }
        if (found < 0) {
            throw new ExpectSyntaxException(end, "no comparison", Statement.FORM);
        }
        return found;
    }

    private static int within(List<Token> tokens) {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).text().equals("within")) {
                return i;
            }
        }
        return tokens.size();
    }

    private static Side side(List<Token> tokens, int endOfLine) throws ExpectSyntaxException {
        if (tokens.isEmpty()) {
            throw new ExpectSyntaxException(endOfLine, "a side is missing", Statement.FORM);
        }
        Token first = tokens.get(0);
        if (tokens.size() == 1 && !first.text().equals(MULTIPLY)) {
            return first.isNumber()
                    ? new Side(first.number(), first.isPercent(), "", first.offset())
                    : new Side(BigDecimal.ONE, false, first.text(), first.offset());
        }
        Token last = tokens.get(tokens.size() - 1);
        boolean product = tokens.size() == 3 && tokens.get(1).text().equals(MULTIPLY);
        if (!product || first.isNumber() == last.isNumber()) {
            throw new ExpectSyntaxException(first.offset(), "this side has another form", SIDE);
        }
        Token number = first.isNumber() ? first : last;
        Token metric = first.isNumber() ? last : first;
        return new Side(number.number(), false, metric.text(), metric.offset());
    }

    private static BigDecimal tolerance(List<Token> tokens, int endOfLine) throws ExpectSyntaxException {
        if (tokens.isEmpty()) {
            return BigDecimal.ZERO;
        }
        boolean share =
                tokens.size() == 2 && tokens.get(1).isNumber() && tokens.get(1).isPercent();
        if (!share || tokens.get(1).number().signum() < 0) {
            int offset = tokens.size() > 1 ? tokens.get(1).offset() : endOfLine;
            throw new ExpectSyntaxException(offset, "within what?", "one share of the right side, such as within 5%");
        }
        return tokens.get(1).number();
    }
}
