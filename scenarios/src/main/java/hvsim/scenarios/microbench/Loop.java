package hvsim.scenarios.microbench;

import java.util.List;
import java.util.function.IntFunction;

/** The same words again and again, or others of their kind. */
final class Loop extends TimedProgram implements Measured {
    private final List<Long> before;
    private final IntFunction<List<Long>> body;
    private final Stopwatch watch = new Stopwatch();
    private boolean began;

    /**
     * @param before once, ahead of the loop
     * @param body by the number of the lap, from 0
     */
    Loop(List<Long> before, IntFunction<List<Long>> body) {
        this.before = before;
        this.body = body;
    }

    @Override
    List<Long> next() {
        if (!began && !before.isEmpty()) {
            began = true;
            return before;
        }
        int lap = watch.laps();
        return watch.lap(now()) ? body.apply(lap) : List.of();
    }

    @Override
    public double cycles() {
        return watch.cycles();
    }
}
