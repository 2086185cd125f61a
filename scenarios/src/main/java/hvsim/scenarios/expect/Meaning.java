package hvsim.scenarios.expect;

import hvsim.scenarios.run.Metrics;
import hvsim.scenarios.run.Metrics.Kind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks up what the words of a statement stand for. */
final class Meaning {
    private static final int LONGEST_QUOTE = 60;
    private static final Map<String, List<String>> WORDS =
            Map.of("fidelity", List.of("equal", "differs"), "safety", List.of("held", "violated"));

    private final List<String> runs;
    private final Metrics metrics;

    Meaning(List<String> runs, Metrics metrics) {
        this.runs = runs;
        this.metrics = metrics;
    }

    Expectation of(Statement statement) throws ExpectSyntaxException {
        Operand left = operand(statement.left());
        Operand right = operand(statement.right());
        checkKinds(statement, left, right);
        return new Expectation(left, statement.operator(), right, statement.within());
    }

    private Operand operand(Side side) throws ExpectSyntaxException {
        if (side.isNumber()) {
            return new Operand.Literal(side.factor());
        }
        Optional<Kind> own = metrics.kind(side.word());
        if (own.isPresent()) {
            return new Operand.Metric(side.factor(), "", side.word(), own.get());
        }
        for (String run : runs) {
            String path = side.word().startsWith(run + ".") ? side.word().substring(run.length() + 1) : "";
            Optional<Kind> kind = metrics.kind(path);
            if (kind.isPresent()) {
                return new Operand.Metric(side.factor(), run, path, kind.get());
            }
        }
        if (WORDS.values().stream().anyMatch(words -> words.contains(side.word()))) {
            return new Operand.Word(side.word());
        }
        throw unknown(side);
    }

    private ExpectSyntaxException unknown(Side side) {
        String word = side.word();
        int dot = word.indexOf('.');
        if (dot > 0 && metrics.kind(word.substring(dot + 1)).isPresent()) {
            return new ExpectSyntaxException(
                    side.offset(),
                    "no run '" + shortened(word.substring(0, dot)) + "'",
                    "runs: " + String.join(", ", runs));
        }
        String run = runs.stream()
                .filter(one -> word.startsWith(one + "."))
                .map(one -> one + ".")
                .findFirst()
                .orElse("");
        String hint = Nearest.to(word.substring(run.length()), metrics.paths())
                .map(path -> "; did you mean '" + run + path + "'?")
                .orElse("");
        return new ExpectSyntaxException(
                side.offset(), "no metric '" + shortened(word) + "'" + hint, "all metrics: hvsim list metrics");
    }

    private static String shortened(String word) {
        return word.length() <= LONGEST_QUOTE ? word : word.substring(0, LONGEST_QUOTE) + "...";
    }

    private static void checkKinds(Statement statement, Operand left, Operand right) throws ExpectSyntaxException {
        if (!(left instanceof Operand.Metric) && !(right instanceof Operand.Metric)) {
            throw new ExpectSyntaxException(statement.left().offset(), "neither side is a metric", Statement.FORM);
        }
        if (left.kind() != right.kind()) {
            throw new ExpectSyntaxException(
                    statement.right().offset(), "a word and a number do not compare", choices(left, right));
        }
        if (left.kind() == Kind.WORD) {
            checkWords(statement, left, right);
        }
    }

    private static void checkWords(Statement statement, Operand left, Operand right) throws ExpectSyntaxException {
        boolean plain = statement.within().signum() == 0
                && factor(statement.left())
                && factor(statement.right())
                && !statement.operator().ranks();
        if (!plain) {
            throw new ExpectSyntaxException(
                    statement.left().offset(), "words only compare by == and !=", choices(left, right));
        }
        if (left instanceof Operand.Word word && !isOf(word, right)
                || right instanceof Operand.Word other && !isOf(other, left)) {
            throw new ExpectSyntaxException(
                    statement.right().offset(), "no such value of this metric", choices(left, right));
        }
    }

    private static boolean factor(Side side) {
        return side.factor().compareTo(BigDecimal.ONE) == 0;
    }

    private static boolean isOf(Operand.Word word, Operand metric) {
        return words(metric).contains(word.word());
    }

    private static String choices(Operand left, Operand right) {
        List<String> words = words(left).isEmpty() ? words(right) : words(left);
        return words.isEmpty() ? Statement.FORM : "choices: " + String.join(", ", words);
    }

    /** What a metric can be; empty for numbers. */
    private static List<String> words(Operand operand) {
        return operand instanceof Operand.Metric metric
                ? WORDS.getOrDefault(metric.path().substring(metric.path().lastIndexOf('.') + 1), List.of())
                : List.of();
    }
}
