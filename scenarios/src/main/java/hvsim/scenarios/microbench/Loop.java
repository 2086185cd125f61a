package hvsim.scenarios.microbench;

import java.util.List;

/** The same words again and again. */
final class Loop extends TimedProgram implements Measured {
    private final List<Long> before;
    private final List<Long> body;
    private final Stopwatch watch = new Stopwatch();
    private boolean began;

    /** @param before once, ahead of the loop */
    Loop(List<Long> before, List<Long> body) {
        this.before = before;
        this.body = body;
    }

    @Override
    List<Long> next() {
        if (!began && !before.isEmpty()) {
            began = true;
            return before;
        }
        return watch.lap(now()) ? body : List.of();
    }

    @Override
    public double cycles() {
        return watch.cycles();
    }
}
