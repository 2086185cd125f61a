package hvsim.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Uniform loads over 256 MiB, which nearly all miss both levels: the speed of a miss, a walk and two fills. An
 * operation is one load.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WalkBenchmark {
    @Param({"NATIVE", "NATIVE_CACHES", "NESTED", "NESTED_CACHES", "NESTED_CACHES_TLB"})
    public WalkShape walk;

    @Param("PLAIN")
    public TlbShape tlb;

    private SteadyMachine machine;

    @Setup
    public void setUp() {
        WordLoop program = Rounds.uniform();
        machine = new SteadyMachine(walk.machine(tlb.spec(), program), program);
    }

    @Benchmark
    @OperationsPerInvocation(Rounds.REFERENCES)
    public long uniform(CpuTime time) {
        return time.round(machine);
    }
}
