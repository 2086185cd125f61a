package hvsim.benchmarks;

import java.nio.file.Path;
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
 * Replay of a trace on a bare core: nearly all references hit the first level, so that this is the speed of
 * decoding, of {@link hvsim.tlb.Front}, and of the core's inner loop. An operation is one reference.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TranslationBenchmark {
    /** Any trace of {@value Rounds#REFERENCES} references or more, from the folder JMH is started in. */
    @Param("scenarios/library/traces/gzip.lackey.xz")
    public String trace;

    @Param({"PLAIN", "XOR", "LARGE_PAGES", "SKYLAKE"})
    public TlbShape tlb;

    private SteadyMachine machine;

    @Setup
    public void setUp() {
        WordLoop program = Rounds.ofTrace(Path.of(trace));
        machine = new SteadyMachine(WalkShape.NATIVE.machine(tlb.spec(), program), program);
    }

    @Benchmark
    @OperationsPerInvocation(Rounds.REFERENCES)
    public long replay(CpuTime time) {
        return time.round(machine);
    }
}
