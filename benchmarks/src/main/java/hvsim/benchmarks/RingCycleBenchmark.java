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
 * Packets through the rings of a device, without a processor: an operation is one frame that arrives, is steered, put
 * into a buffer, interrupts, and is taken out by a driver, which gives a new buffer. Beside them, in the same run, what
 * they are compared with: references of a replayed trace on a bare core. {@link Packets} makes a table of it.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 2, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RingCycleBenchmark {
    private static final int PACKETS = 1 << 14;

    @State(Scope.Thread)
    public static class Rings {
        @Param({"NIC", "PASSTHROUGH", "SPLIT", "PACKED"})
        public RingKind ring;

        @Param({"1", "8"})
        public int queues;

        private ReceivingGuest guest;

        @Setup
        public void setUp() {
            guest = new ReceivingGuest(ring, queues);
        }
    }

    @State(Scope.Thread)
    public static class Memory {
        /** As in {@link TranslationBenchmark}. */
        @Param("scenarios/library/traces/gzip.lackey.xz")
        public String trace;

        private SteadyMachine machine;

        @Setup
        public void setUp() {
            WordLoop program = Rounds.ofTrace(Path.of(trace));
            machine = new SteadyMachine(WalkShape.NATIVE.machine(TlbShape.PLAIN.spec(), program), program);
        }
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long packets(Rings rings, CpuNanos time) {
        return time.of(PACKETS, () -> rings.guest.receive(PACKETS));
    }

    @Benchmark
    @OperationsPerInvocation(Rounds.REFERENCES)
    public long references(Memory memory, CpuNanos time) {
        return time.of(Rounds.REFERENCES, memory.machine::round);
    }
}
