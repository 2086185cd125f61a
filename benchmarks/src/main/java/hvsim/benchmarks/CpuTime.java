package hvsim.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Processor time beside JMH's wall-clock time: on a shared machine only that can be compared with {@code reftlb},
 * which reports its own. Both are sums over an iteration.
 */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class CpuTime {
    public long cpuNanos;
    public long rounds;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    long round(SteadyMachine machine) {
        long before = threads.getCurrentThreadCpuTime();
        long clock = machine.round();
        cpuNanos += threads.getCurrentThreadCpuTime() - before;
        rounds++;
        return clock;
    }
}
