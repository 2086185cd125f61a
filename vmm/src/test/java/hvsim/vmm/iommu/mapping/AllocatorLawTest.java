package hvsim.vmm.iommu.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AllocatorLawTest {
    private static final int STEPS = 30_000;

    /** No page is given out twice, none where interrupts are, and all ranges are aligned. */
    @ParameterizedTest
    @EnumSource(
            value = MappingPolicy.class,
            names = {"STRICT", "STRICT_PLUS"})
    void rangesOfAnySizeNeverOverlap(MappingPolicy policy) {
        IovaAllocator addresses = policy.allocator();
        SplittableRandom random = new SplittableRandom(3);
        BitSet used = new BitSet();
        used.set(IovaRange.INTERRUPTS, IovaRange.INTERRUPTS + IovaRange.INTERRUPT_PAGES);
        List<Integer> held = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            if (held.size() < random.nextInt(4000)) {
                int pages = 1 << random.nextInt(4);
                int top = addresses.allocate(pages);
                assertEquals(0, top % pages);
                assertTrue(used.get(top, top + pages).isEmpty());
                used.set(top, top + pages);
                held.add(top);
            } else {
                int top = held.remove(random.nextInt(held.size()));
                used.clear(top, top + addresses.pages(top));
                addresses.free(top);
            }
        }
        assertTrue(held.size() > 100);
    }

    /** What Malka et al. describe (FAST 2015, 4): one ring, allocated downwards, freed and allocated in turn. */
    @Test
    void aRingByItselfNeverSearches() {
        LinearIovas addresses = new LinearIovas();
        int[] ring = ring(addresses, 512);
        cycle(addresses, ring, 3);
        assertEquals(0, addresses.visited());
    }

    /** Their table 1: a range of the ring below is freed while one of the ring above is, and then takes its place. */
    @Test
    void oneAddressThatMovesToAnotherRingMakesEachRoundSearchOnce() {
        LinearIovas addresses = new LinearIovas();
        int[] transmit = ring(addresses, 512);
        int[] receive = ring(addresses, 512);
        addresses.free(receive[100]);
        addresses.free(transmit[50]);
        receive[100] = addresses.allocate(1);
        transmit[50] = addresses.allocate(1);
        assertTrue(receive[100] < 512, "the receive ring has got an address of the other one");
        long before = addresses.visited();
        cycle(addresses, receive, 4);
        long each = (addresses.visited() - before) / 4;
        assertTrue(each > 400, each + " ranges a round");
    }

    @Test
    void keepingWhatWasFreedEndsTheSearch() {
        RecyclingIovas addresses = new RecyclingIovas();
        int[] transmit = ring(addresses, 512);
        int[] receive = ring(addresses, 512);
        addresses.free(receive[100]);
        addresses.free(transmit[50]);
        receive[100] = addresses.allocate(1);
        transmit[50] = addresses.allocate(1);
        cycle(addresses, receive, 4);
        assertEquals(0, addresses.visited());
    }

    @Test
    void interruptsAddressesAreNotHandedOut() {
        assertEquals(0xFEE0_0000L, IovaRange.address(IovaRange.INTERRUPTS, IovaRange.INTERRUPT_PAGES));
        LinearIovas addresses = new LinearIovas();
        for (int i = 0; i < IovaRange.INTERRUPTS; i++) {
            addresses.allocate(1);
        }
        assertEquals(0xFEDF_F000L, IovaRange.address(addresses.allocate(1), 1));
    }

    @Test
    void aFullSpaceSaysSo() {
        LinearIovas addresses = new LinearIovas();
        assertFalse(addresses.allocate(1 << 18) < 0);
        assertFalse(addresses.allocate(1 << 18) < 0);
        assertThrows(IllegalStateException.class, () -> addresses.allocate(1 << 19));
    }

    private static int[] ring(IovaAllocator addresses, int entries) {
        int[] ring = new int[entries];
        for (int i = 0; i < entries; i++) {
            ring[i] = addresses.allocate(1);
        }
        return ring;
    }

    private static void cycle(IovaAllocator addresses, int[] ring, int rounds) {
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < ring.length; i++) {
                addresses.free(ring[i]);
                ring[i] = addresses.allocate(1);
            }
        }
    }
}
