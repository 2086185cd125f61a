package hvsim.scenarios.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a signal end a run and still print its report. The virtual machine answers SIGINT and SIGTERM by running its
 * shutdown hooks while the main thread goes on; the hook asks the run to stop and waits, but not for ever, until the
 * report is out. The exit status 130 or 143 is then the virtual machine's own.
 */
public final class StopSwitch {
    private static final int MOST_SECONDS = 10;

    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean stopRequested;

    /** From now on signals end the run. */
    public void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait, "stop"));
    }

    void stopAndWait() {
        stopRequested = true;
        try {
            finished.await(MOST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isStopRequested() {
        return stopRequested;
    }

    /** All is printed; the process may end. */
    public void finish() {
        finished.countDown();
    }
}
