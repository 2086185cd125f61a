package hvsim.scenarios.validation;

/** How many times longer an operation takes one way than another, as published and as the model has it. */
record PublishedRatio(
        Nanobenchmark benchmark, Nanobenchmark.Way of, Nanobenchmark.Way to, double published, double model) {
    private static final double CLOSE = 1.25;
    private static final double LEAST_CLOSE = 1.5;

    /** The factor between the two, at least 1. */
    double factor() {
        return Math.max(published / model, model / published);
    }

    boolean isClose() {
        return factor() <= CLOSE;
    }

    boolean isWithinBounds() {
        return factor() <= LEAST_CLOSE;
    }

    /** Whether the same way is the faster one in both, or neither is by much. */
    boolean agreesInDirection() {
        return (published > 1) == (model > 1) || isClose();
    }
}
