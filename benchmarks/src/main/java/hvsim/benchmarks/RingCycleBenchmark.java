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
 * Packets through the rings of a device, without a processor: an operation is one frame that arrives, is steered, put
 * into a buffer, interrupts, and is taken out by a driver, which gives a new buffer.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 2, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RingCycleBenchmark {
    private static final int PACKETS = 1 << 14;

    @Param({"NIC", "SPLIT", "PACKED"})
    public RingKind ring;

    @Param({"1", "8"})
    public int queues;

    private ReceivingGuest guest;

    @Setup
    public void setUp() {
        guest = new ReceivingGuest(ring, queues);
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long packets() {
        return guest.receive(PACKETS);
    }
}
