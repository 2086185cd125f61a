package hvsim.scenarios.expect;

import hvsim.scenarios.run.Metrics.Kind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** One side of an expectation whose meaning is known. */
sealed interface Operand {
    Kind kind();

    /** The value in a run, as a {@link BigDecimal} or a {@link String}; empty where it is undefined. */
    Optional<Comparable<?>> value(List<Judged> runs, Judged current);

    record Literal(BigDecimal value) implements Operand {
        @Override
        public Kind kind() {
            return Kind.NUMBER;
        }

        @Override
        public Optional<Comparable<?>> value(List<Judged> runs, Judged current) {
            return Optional.of(value);
        }
    }

    record Word(String word) implements Operand {
        @Override
        public Kind kind() {
            return Kind.WORD;
        }

        @Override
        public Optional<Comparable<?>> value(List<Judged> runs, Judged current) {
            return Optional.of(word);
        }
    }

    /** @param run the run that the line names; empty for the one that is being judged */
    record Metric(BigDecimal factor, String run, String path, Kind kind) implements Operand {
        /** As many digits as a double surely holds, so that 0.95 equals 95%. */
        private static final MathContext DOUBLE = new MathContext(15);

        @Override
        public Optional<Comparable<?>> value(List<Judged> runs, Judged current) {
            Optional<Judged> from = run.isEmpty()
                    ? Optional.of(current)
                    : runs.stream().filter(one -> one.name().equals(run)).findFirst();
            return from.flatMap(one -> value(one.values()));
        }

        private Optional<Comparable<?>> value(JsonNode tree) {
            JsonNode at = tree.at("/" + path.replace('.', '/'));
            if (at.isMissingNode()) {
                // a reason that did not occur counts 0, and the mean of nothing is undefined
                boolean counts = path.contains("exits.") && !path.endsWith(".mean_cycles");
                return counts ? Optional.of(BigDecimal.ZERO) : Optional.empty();
            }
            if (at.isString()) {
                return Optional.of(at.stringValue());
            }
            return at.isNumber() ? Optional.of(number(at).multiply(factor)) : Optional.empty();
        }

        private static BigDecimal number(JsonNode at) {
            return at.isDouble() ? new BigDecimal(at.doubleValue()).round(DOUBLE) : at.decimalValue();
        }
    }
}
