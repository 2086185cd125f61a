package hvsim.multiqueue.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.bus.SavedState;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ServiceTest {
    private record Due(long cycle, int number) {}

    @Test
    void aHeapGivesTheEarliestAndOfOneCycleTheLowest() {
        SplittableRandom random = new SplittableRandom(1);
        CycleHeap heap = new CycleHeap(64);
        PriorityQueue<Due> naive =
                new PriorityQueue<>(Comparator.comparingLong(Due::cycle).thenComparingInt(Due::number));
        for (int i = 0; i < 100_000; i++) {
            if (naive.size() < 64 && random.nextInt(5) < 3) {
                Due due = new Due(random.nextInt(50), random.nextInt(50));
                heap.add(due.cycle(), due.number());
                naive.add(due);
            } else if (!naive.isEmpty()) {
                assertEquals(naive.peek().cycle(), heap.firstCycle());
                assertEquals(naive.remove().number(), heap.removeFirst());
            }
        }
    }

    @Test
    void aLineLosesNoPartOfACycle() {
        LineRate line = LineRate.ethernet(25_000_000_000L, 2_400_000_000L);
        long cycles = 0;
        for (int i = 0; i < 1_000_000; i++) {
            cycles += line.cycles(60);
        }
        assertEquals(84 * 8 * 2_400_000_000L / 25_000, cycles);
    }

    @Test
    void aBareLineTakesTheBytesAlone() {
        assertEquals(4096, LineRate.bare(8_000_000_000L, 1_000_000_000L).cycles(4096));
        assertThrows(IllegalArgumentException.class, () -> LineRate.bare(0, 1));
        assertThrows(
                ArithmeticException.class,
                () -> LineRate.bare(1, 9_000_000_000L).cycles(1L << 40));
    }

    @Test
    void aMeasuredHistogramComesOutAsItWentIn() {
        long[] edges = {100, 200, 300, 1000, 5000};
        MeasuredTime time = new MeasuredTime(edges, new long[] {70, 0, 25, 5});
        RandomStream random = new RandomStream(1);
        long[] counts = new long[4];
        double sum = 0;
        for (int i = 0; i < 100_000; i++) {
            long cycles = time.nextCycles(random);
            sum += cycles;
            int bucket = 0;
            while (cycles >= edges[bucket + 1]) {
                bucket++;
            }
            counts[bucket]++;
        }
        assertEquals(0, counts[1]);
        assertTrue(Math.abs(counts[0] - 70_000) < 500);
        assertTrue(Math.abs(counts[3] - 5_000) < 250);
        double mean = 0.70 * (100 + 199) / 2 + 0.25 * (300 + 999) / 2 + 0.05 * (1000 + 4999) / 2;
        assertEquals(mean, sum / 100_000, 5);
    }

    @Test
    void histogramsAndBackEndsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new MeasuredTime(new long[] {1, 1}, new long[] {1}));
        assertThrows(IllegalArgumentException.class, () -> new MeasuredTime(new long[] {1, 2}, new long[] {0}));
        assertThrows(IllegalArgumentException.class, () -> new MeasuredTime(new long[] {1, 2}, new long[] {1, 1}));
        assertThrows(IllegalArgumentException.class, () -> new StationSpec(4, 3, new ConstantTime(1)));
        assertThrows(IllegalArgumentException.class, () -> new ExponentialTime(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new ConstantTime(-1));
    }

    @Test
    void aFullBackEndLosesWhatIsOffered() {
        ServiceStation station = station();
        assertEquals(0, station.offer(0, 1));
        assertEquals(1, station.offer(1, 1));
        assertEquals(2, station.offer(2, 1));
        assertEquals(ServiceStation.FULL, station.offer(3, 1));
        assertEquals(0, station.finishNext());
        assertEquals(101, station.nextDoneCycle());
        assertEquals(new StationStats(4, 1, 1, 98, 300), station.stats());
    }

    @Test
    void aBackEndGoesOnWhereItWasSaved() {
        ServiceStation station = station();
        station.offer(0, 1);
        station.offer(1, 1);
        station.offer(2, 1);
        ServiceStation loaded = station();
        SavedState.copy(station::transfer, loaded::transfer);
        for (int i = 0; i < 3; i++) {
            assertEquals(station.nextDoneCycle(), loaded.nextDoneCycle());
            assertEquals(station.finishNext(), loaded.finishNext());
        }
        assertEquals(station.stats(), loaded.stats());
    }

    private static ServiceStation station() {
        return new ServiceStation(new StationSpec(2, 3, new ConstantTime(100)), new RandomStream(1), null);
    }
}
