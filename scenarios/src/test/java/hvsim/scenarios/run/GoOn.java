package hvsim.scenarios.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Never stops a run. */
final class GoOn implements RunControl {
    @Override
    public boolean isStopRequested() {
        return false;
    }

    @Override
    public void progress(long done, long all) {
        assertTrue(done <= all);
    }
}
