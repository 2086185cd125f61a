package hvsim.scenarios.run;

import hvsim.scenarios.file.RunConfig;
import hvsim.scenarios.file.Share;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How far a run goes in time.
 *
 * @param endCycles when it ends at the latest
 * @param warmupCycles when counting starts; 0 where the programs say it, or from the beginning
 * @param programsWarmUp whether the programs say where counting starts
 * @param intervalCycles length of an interval; 0 where nothing is counted by interval
 */
record Extents(long endCycles, long warmupCycles, boolean programsWarmUp, long intervalCycles) {
    static Extents of(RunConfig run, Clock clock) {
        long interval = run.interval().map(clock::cycles).orElse(0L);
        boolean warm = run.warmup().fraction().signum() > 0;
        if (run.time().isEmpty()) {
            return new Extents(Long.MAX_VALUE, 0, warm, interval);
        }
        long time = clock.cycles(run.time().get());
        long warmup = part(run.warmup(), time);
        long end = time > Long.MAX_VALUE - warmup ? Long.MAX_VALUE : time + warmup;
        boolean byOperations = run.operations().isPresent();
        return new Extents(end, byOperations ? 0 : warmup, warm && byOperations, interval);
    }

    /** The whole part of a share of something. */
    static long part(Share share, long of) {
        return share.fraction()
                .multiply(BigDecimal.valueOf(of))
                .setScale(0, RoundingMode.DOWN)
                .longValueExact();
    }
}
