package hvsim.benchmarks;

import hvsim.scenarios.file.Scenario;
import hvsim.scenarios.file.ScenarioException;
import hvsim.scenarios.run.MachineSpecs;
import hvsim.vmm.Machine;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A machine from its first cycle to its last. An operation is one run; {@link Rates} divides by what happened in it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 2, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RateBenchmark {
    @Param
    public RateCase events;

    private Scenario scenario;
    private Machine machine;

    /** Sums over an iteration. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Counted {
        public long counted;
        public long cpuNanos;

        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

        void run(Machine machine) {
            long before = threads.getCurrentThreadCpuTime();
            machine.run(Long.MAX_VALUE);
            cpuNanos += threads.getCurrentThreadCpuTime() - before;
        }
    }

    @Setup
    public void load() throws ScenarioException {
        scenario = events.scenario();
    }

    @Setup(Level.Invocation)
    public void setUp() {
        machine = new Machine(MachineSpecs.of(scenario));
    }

    @Benchmark
    public long run(Counted counted) {
        counted.run(machine);
        counted.counted += events.events(machine.vms().get(0).vcpu(0).total());
        return machine.clock();
    }
}
