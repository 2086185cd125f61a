package hvsim.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Processor time of what is counted; both are sums over an iteration. */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class CpuNanos {
    public long cpuNanos;
    public long counted;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    /** Does it, and returns its result, so that nothing is left out as unused. */
    long of(long count, LongSupplier work) {
        long before = threads.getCurrentThreadCpuTime();
        long result = work.getAsLong();
        cpuNanos += threads.getCurrentThreadCpuTime() - before;
        counted += count;
        return result;
    }
}
