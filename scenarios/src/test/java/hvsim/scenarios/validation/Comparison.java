package hvsim.scenarios.validation;

import hvsim.scenarios.file.ScenarioException;
import java.util.ArrayList;
import java.util.List;

/**
 * A published figure and the model's.
 *
 * @param model cycles
 */
record Comparison(Published published, double model) {
    private static final double TOLERANCE = 0.25;

    static List<Comparison> of(List<Published> rows) throws ScenarioException {
        List<Comparison> compared = new ArrayList<>();
        for (Published row : rows) {
            compared.add(new Comparison(row, row.operation().measure(row.conditions())));
        }
        return compared;
    }

    double error() {
        return model / published.cycles() - 1;
    }

    boolean isClose() {
        return Math.abs(error()) <= TOLERANCE;
    }

    boolean isPredicted() {
        return published.kind() == Published.Kind.PREDICTED;
    }

    /** How many of those that are predicted are close. */
    static long hits(List<Comparison> compared) {
        return compared.stream().filter(c -> c.isPredicted() && c.isClose()).count();
    }

    /** The model's different figures for what is predicted: it does not tell all rows apart. */
    static List<Double> figures(List<Comparison> compared) {
        return compared.stream()
                .filter(Comparison::isPredicted)
                .map(Comparison::model)
                .distinct()
                .toList();
    }

    /** How many of them are close to each row that they stand for. */
    static long closeFigures(List<Comparison> compared) {
        return figures(compared).stream()
                .filter(figure -> compared.stream()
                        .filter(c -> c.isPredicted() && c.model() == figure)
                        .allMatch(Comparison::isClose))
                .count();
    }

    /** How many there are. */
    static long predictions(List<Comparison> compared) {
        return compared.stream().filter(Comparison::isPredicted).count();
    }
}
