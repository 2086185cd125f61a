package hvsim.scenarios.workload;

import hvsim.scenarios.workload.PatternSpec.Order;

/** Patterns for tests. */
final class Specs {
    private Specs() {}

    static PatternSpec pattern(Order order) {
        return pattern(order, 3 << 20, 0.3, 0.2);
    }

    static PatternSpec pattern(Order order, long workingSetBytes, double writes, double fetches) {
        return new PatternSpec(order, workingSetBytes, 0.99, 192, 0.1, 0.9, 256, writes, fetches);
    }
}
