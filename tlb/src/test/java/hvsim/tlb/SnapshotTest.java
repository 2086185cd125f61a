package hvsim.tlb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    @Test
    void valuesComeBackInOrder() {
        List<Object> loaded = new ArrayList<>();
        Saved.copy(
                s -> {
                    s.transfer(true);
                    s.transfer(false);
                    s.transfer(Long.MIN_VALUE);
                    s.transfer(-7);
                    s.transfer(-0.0);
                },
                s -> {
                    loaded.add(s.transfer(false));
                    loaded.add(s.transfer(true));
                    loaded.add(s.transfer(0L));
                    loaded.add(s.transfer(0));
                    loaded.add(s.transfer(0.0));
                });
        assertEquals(List.of(true, false, Long.MIN_VALUE, -7, -0.0), loaded);
    }

    @Test
    void arraysOfAnotherLengthAreOfAnotherMachine() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Saved.copy(s -> s.transfer(new long[3]), s -> s.transfer(new long[2])));
        assertThrows(
                IllegalArgumentException.class,
                () -> Saved.copy(s -> s.transfer(new int[3]), s -> s.transfer(new int[2])));
    }

    @Test
    void arraysThatGrowComeBackInTheirLength() {
        List<long[]> longs = new ArrayList<>();
        List<int[]> ints = new ArrayList<>();
        Saved.copy(
                s -> {
                    s.transferResized(new long[] {1, -2, 3});
                    s.transferResized(new int[] {4, -5});
                },
                s -> {
                    longs.add(s.transferResized(new long[1]));
                    ints.add(s.transferResized(new int[2]));
                });
        assertArrayEquals(new long[] {1, -2, 3}, longs.get(0));
        assertArrayEquals(new int[] {4, -5}, ints.get(0));
    }
}
