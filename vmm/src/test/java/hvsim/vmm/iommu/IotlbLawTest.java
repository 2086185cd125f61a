package hvsim.vmm.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.tlb.PageSize;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random look-ups, fills and removals of pages of three domains, against a map in the order of use: what is there, and what makes room. */
class IotlbLawTest {
    private static final int STEPS = 100_000;

    private record Key(int domain, int size, long number) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 16})
    void theLeastRecentlyUsedPageMakesRoom(int entries) {
        SplittableRandom random = new SplittableRandom(entries);
        Iotlb iotlb = new Iotlb(entries);
        Map<Key, Long> oracle = new LinkedHashMap<>(16, 0.75f, true);
        for (int step = 0; step < STEPS; step++) {
            int domain = random.nextInt(3);
            int size = random.nextInt(2);
            long iova = ((long) size << 40) + ((long) random.nextInt(entries + 1) << 21) + random.nextInt(1 << 12);
            Key key = new Key(domain, size, iova >>> PageSize.byNumber(size).shift());
            if (random.nextInt(20) == 0) {
                iotlb.forget(domain, iova);
                oracle.remove(key);
            } else {
                long page = (long) (1 + random.nextInt(1000)) << 21;
                assertEquals(oracle.getOrDefault(key, Iotlb.NONE), iotlb.find(domain, iova));
                if (oracle.get(key) == null) {
                    iotlb.insert(domain, iova, size, page, Remapped.RW);
                    put(oracle, key, page | Remapped.RW, entries);
                }
            }
        }
    }

    private static void put(Map<Key, Long> oracle, Key key, long mapping, int entries) {
        if (oracle.size() == entries) {
            oracle.remove(oracle.keySet().iterator().next());
        }
        oracle.put(key, mapping);
    }
}
