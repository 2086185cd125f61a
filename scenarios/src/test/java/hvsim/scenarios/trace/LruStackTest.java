package hvsim.scenarios.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LruStackTest {
    @ParameterizedTest
    @ValueSource(ints = {3, 17, 40, 300, 5_000, 20_000})
    void everySizeHitsAsALruListOfThatSizeDoes(int pages) {
        SplittableRandom random = new SplittableRandom(pages);
        LruStack stack = new LruStack();
        List<Long> list = new ArrayList<>();
        long[] hits = new long[LruStack.CLASSES];
        int looks = pages < 1000 ? 20_000 : 12_000;
        for (int i = 0; i < looks; i++) {
            long page = random.nextInt(4) == 0 ? random.nextInt(pages) : random.nextInt(1 + pages / 8) - 5L;
            stack.look(page);
            int depth = list.indexOf(page);
            if (depth >= 0) {
                list.remove(depth);
            }
            list.add(0, page);
            for (int size = 0; size < LruStack.CLASSES; size++) {
                hits[size] += depth >= 0 && depth < LruStack.entries(size) ? 1 : 0;
            }
        }
        assertEquals(looks, stack.lookups());
        for (int size = 0; size < LruStack.CLASSES; size++) {
            assertEquals(hits[size], stack.hits(size), "entries " + LruStack.entries(size));
        }
    }

    @Test
    void aSweepOverOnePageMoreThanFitsNeverHits() {
        LruStack stack = new LruStack();
        for (int i = 0; i < 10 * 4097; i++) {
            stack.look(i % 4097);
        }
        assertEquals(0, stack.hits(LruStack.CLASSES - 1));
        LruStack smaller = new LruStack();
        for (int i = 0; i < 10 * 4096; i++) {
            smaller.look(i % 4096);
        }
        assertEquals(9 * 4096, smaller.hits(LruStack.CLASSES - 1));
        assertEquals(0, smaller.hits(LruStack.CLASSES - 2));
    }
}
