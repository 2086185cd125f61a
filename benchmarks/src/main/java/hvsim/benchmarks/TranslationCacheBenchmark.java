package hvsim.benchmarks;

import hvsim.tlb.Replacement;
import hvsim.tlb.SetIndex;
import hvsim.tlb.TlbTag;
import hvsim.tlb.TranslationCache;
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

/**
 * The one store in its forms: sets that are searched, sets that are found through the hash index, each set index and
 * each replacement ({@code -p replacement=FIFO}; a tree needs 4, 16, 32 or 64 ways). An operation is one key: found and touched, or missed and inserted.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class TranslationCacheBenchmark {
    private static final int KEYS = 1 << 14;
    private static final int SEARCHED_WAYS = 16;
    private static final long FIRST_PAGE = 1 << 20;

    @Param({"4", "12", "16", "32", "64"})
    public int ways;

    @Param({"MASK", "XOR", "MODULO"})
    public SetIndex setIndex;

    @Param("LRU")
    public Replacement replacement;

    private TranslationCache cache;
    private final long[] present = new long[KEYS];
    private final long[] absent = new long[KEYS];

    /** Long before a round of {@link #absent} keys ends, its first ones have been replaced. */
    @Setup
    public void setUp() {
        int entries = ways * sets();
        cache = new TranslationCache(entries, ways, setIndex, replacement, 1);
        SplittableRandom random = new SplittableRandom(1);
        for (int page = 0; page < entries; page++) {
            cache.insert(key(page), page);
        }
        for (int i = 0; i < KEYS; i++) {
            present[i] = key(random.nextInt(entries));
            absent[i] = key(entries + i);
        }
    }

    /** Searched stores have many sets; indexed ones are fully associative. */
    private int sets() {
        if (ways > SEARCHED_WAYS) {
            return 1;
        }
        return setIndex == SetIndex.MODULO ? 96 : 128;
    }

    private static long key(long page) {
        return TlbTag.key(FIRST_PAGE + page, 0, 0, 0);
    }

    @Benchmark
    @OperationsPerInvocation(KEYS)
    public long findAndTouch() {
        long sum = 0;
        for (long key : present) {
            sum += cache.value(cache.findAndTouch(key));
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(KEYS)
    public int missAndInsert() {
        for (long key : absent) {
            if (cache.find(key) == TranslationCache.ABSENT) {
                cache.insert(key, key);
            }
        }
        return cache.size();
    }
}
