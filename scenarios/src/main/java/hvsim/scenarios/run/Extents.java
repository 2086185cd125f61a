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
 */
record Extents(long endCycles, long warmupCycles) {
    static Extents of(RunConfig run, Clock clock) {
        if (run.time().isEmpty()) {
            return new Extents(Long.MAX_VALUE, 0);
        }
        long time = clock.cycles(run.time().get());
        long warmup = part(run.warmup(), time);
        long end = time > Long.MAX_VALUE - warmup ? Long.MAX_VALUE : time + warmup;
        return new Extents(end, run.operations().isPresent() ? 0 : warmup);
    }

    /** The whole part of a share of something. */
    static long part(Share share, long of) {
        return share.fraction()
                .multiply(BigDecimal.valueOf(of))
                .setScale(0, RoundingMode.DOWN)
                .longValueExact();
    }
}
