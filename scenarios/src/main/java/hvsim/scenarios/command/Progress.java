package hvsim.scenarios.command;

import hvsim.scenarios.run.RunControl;
import java.util.OptionalLong;

/** Watches the real time of a run: its limit, and what a terminal shows of it. */
final class Progress implements RunControl {
    private static final long FIRST_SHOWN_NANOS = 1_000_000_000;
    private static final long BETWEEN_NANOS = 200_000_000;

    private final Console console;
    private final StopSwitch stop;
    private final boolean visible;
    private final OptionalLong limitNanos;
    private final long start = System.nanoTime();
    private long nextShown = FIRST_SHOWN_NANOS;
    private boolean shown;
    private boolean limitReached;

    Progress(Console console, StopSwitch stop, boolean quiet, OptionalLong limitNanos) {
        this.console = console;
        this.stop = stop;
        this.visible = console.terminal() && !quiet;
        this.limitNanos = limitNanos;
    }

    @Override
    public boolean isStopRequested() {
        if (limitNanos.isPresent() && System.nanoTime() - start >= limitNanos.getAsLong()) {
            limitReached = true;
        }
        return limitReached || stop.isStopRequested();
    }

    @Override
    public void progress(long done, long all) {
        long elapsed = System.nanoTime() - start;
        if (visible && all > 0 && elapsed >= nextShown) {
            nextShown = elapsed + BETWEEN_NANOS;
            shown = true;
            console.err().print("\r" + (long) (100.0 * done / all) + "%");
            console.err().flush();
        }
    }

    /** Wipes what the terminal shows. */
    void finish() {
        if (shown) {
            console.err().print("\r    \r");
            console.err().flush();
        }
    }
}
