package hvsim.benchmarks;

import hvsim.tlb.PageSize;
import hvsim.vmm.iommu.Dma;
import hvsim.vmm.iommu.Iommu;
import java.util.SplittableRandom;
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

/** Requests of a device that an IOMMU translates: an operation is one of them. {@link Packets} makes a table of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 2, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DmaBenchmark {
    private static final int REQUESTS = 1 << 16;

    @Param
    public DmaKind pages;

    private final Dma dma = new Dma();
    private final long[] iova = new long[REQUESTS];
    private Iommu iommu = PassedThrough.of(0, PageSize.SIZE_4K);

    @Setup
    public void setUp() {
        iommu = PassedThrough.of((long) pages.pages() << PageSize.SIZE_4K.shift(), PageSize.SIZE_4K);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < REQUESTS; i++) {
            iova[i] = ((long) random.nextInt(pages.pages()) << PageSize.SIZE_4K.shift()) + 8L * random.nextInt(512);
        }
    }

    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long requests(CpuNanos time) {
        return time.of(REQUESTS, this::translateAll);
    }

    private long translateAll() {
        long sum = 0;
        for (long address : iova) {
            sum += iommu.translate(PassedThrough.REQUESTER, address, true, dma);
        }
        return sum;
    }
}
