package hvsim.vmm.iommu.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.ept.EptEntry;
import hvsim.tlb.Snapshot;
import hvsim.vmm.iommu.Iommu;
import hvsim.vmm.iommu.Remapped;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A device reaches each buffer while it is mapped. Afterwards it reaches it no more, or, where invalidations are deferred, gets
 * where it got before until the next flush, and each time is counted.
 */
class MappingLawTest {
    private static final int STEPS = 10_000;
    private static final int NIC = 0x0108;
    private static final long TEN_MS = 31_000_000;

    private final Remapped machine = new Remapped();
    private final SplittableRandom random = new SplittableRandom(11);
    private final List<Buffer> mapped = new ArrayList<>();
    private final Deque<Buffer> gone = new ArrayDeque<>();
    private long stale;

    private record Buffer(long iova, long hpa, long bytes) {}

    private RemappedMapping mapping(MappingPolicy policy) {
        return new RemappedMapping(
                machine.attached(NIC, 1), machine.queue, policy, MappingCosts.measured(policy), TEN_MS);
    }

    @ParameterizedTest
    @EnumSource(
            value = MappingPolicy.class,
            names = {"NONE"},
            mode = EnumSource.Mode.EXCLUDE)
    void buffersAreReachedWhileTheyAreMapped(MappingPolicy policy) {
        RemappedMapping mapping = mapping(policy);
        for (int step = 0; step < STEPS; step++) {
            if (mapped.size() < 40 && random.nextBoolean()) {
                long hpa = random.nextLong(1 << 30);
                long bytes = 1 + random.nextLong(9000);
                mapped.add(new Buffer(mapping.map(hpa, bytes, EptEntry.WRITE, step), hpa, bytes));
            } else if (!mapped.isEmpty() && random.nextInt(3) > 0) {
                reach(mapped.get(random.nextInt(mapped.size())));
            } else if (!mapped.isEmpty()) {
                unmap(mapping, policy, step);
            }
            for (Buffer old : gone) {
                reachAfterwards(old);
            }
        }
        assertEquals(stale, machine.iommu.stats().stale());
        assertEquals(policy.isDeferred(), stale > 0);
    }

    private void unmap(RemappedMapping mapping, MappingPolicy policy, long cycle) {
        Buffer buffer = mapped.remove(random.nextInt(mapped.size()));
        long flushes = machine.iommu.stats().globalInvalidations();
        mapping.unmap(buffer.iova(), cycle);
        if (!policy.isDeferred() || machine.iommu.stats().globalInvalidations() > flushes) {
            gone.clear();
        } else {
            gone.add(buffer);
        }
        if (!policy.isDeferred()) {
            assertEquals(Iommu.REFUSED, translate(buffer.iova(), true));
        }
        while (gone.size() > 3) {
            gone.removeFirst();
        }
    }

    private void reach(Buffer buffer) {
        long offset = random.nextLong(buffer.bytes());
        assertEquals(buffer.hpa() + offset, translate(buffer.iova() + offset, true));
        assertEquals(Iommu.REFUSED, translate(buffer.iova() + offset, false), "rights");
    }

    private void reachAfterwards(Buffer buffer) {
        long hpa = translate(buffer.iova(), true);
        assertTrue(hpa == Iommu.REFUSED || hpa == buffer.hpa());
        assertEquals(hpa != Iommu.REFUSED, machine.dma.isStale());
        stale += hpa == Iommu.REFUSED ? 0 : 1;
    }

    private long translate(long iova, boolean write) {
        return machine.iommu.translate(NIC, iova, write, machine.dma);
    }

    /** The same random buffers, on a machine that goes on and on one that is loaded from what it saved. */
    @ParameterizedTest
    @EnumSource(
            value = MappingPolicy.class,
            names = {"NONE"},
            mode = EnumSource.Mode.EXCLUDE)
    void aSavedMappingGoesOnAsItWas(MappingPolicy policy) throws IOException {
        RemappedMapping mapping = mapping(policy);
        buffers(mapping, new SplittableRandom(1), 2000);
        Remapped copy = new Remapped();
        RemappedMapping loaded =
                new RemappedMapping(copy.attached(NIC, 1), copy.queue, policy, MappingCosts.measured(policy), TEN_MS);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        transfer(machine, mapping, Snapshot.savingTo(new DataOutputStream(out)));
        transfer(copy, loaded, Snapshot.loadingFrom(new DataInputStream(new ByteArrayInputStream(out.toByteArray()))));
        assertEquals(buffers(mapping, new SplittableRandom(2), 2000), buffers(loaded, new SplittableRandom(2), 2000));
        assertEquals(mapping.takeCycles(), loaded.takeCycles());
        assertEquals(machine.iommu.stats(), copy.iommu.stats());
        assertEquals(mapping.visited(), loaded.visited());
        assertEquals(mapping.dueCycle(), loaded.dueCycle());
    }

    private static void transfer(Remapped of, RemappedMapping mapping, Snapshot snapshot) {
        of.memory.transfer(snapshot);
        of.frames.transfer(snapshot);
        of.iommu.transfer(snapshot);
        of.queue.transfer(snapshot);
        mapping.transfer(snapshot);
    }

    /** Maps so many, unmaps all but the last 10; the addresses of those. */
    private static List<Long> buffers(RemappedMapping mapping, SplittableRandom random, int count) {
        List<Long> held = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            held.add(mapping.map(random.nextLong(1 << 30), 1 + random.nextLong(9000), EptEntry.READ, i));
            if (held.size() > 10) {
                mapping.unmap(held.remove(random.nextInt(10)), i);
            }
        }
        return held;
    }

    @Test
    void deferredRangesAreForgottenTogether() {
        RemappedMapping mapping = mapping(MappingPolicy.DEFER);
        for (int i = 0; i < 2 * DeferredInvalidations.MOST; i++) {
            mapping.unmap(mapping.map(0x1000, 60, EptEntry.READ, i), i);
        }
        assertEquals(2, machine.iommu.stats().globalInvalidations());
        assertEquals(0, machine.iommu.stats().pageInvalidations());
        assertEquals(DmaMapping.NEVER, mapping.dueCycle());
    }

    @Test
    void aDeferredRangeWaitsNoLongerThanItMay() {
        RemappedMapping mapping = mapping(MappingPolicy.DEFER_PLUS);
        long iova = mapping.map(0x1000, 60, EptEntry.READ, 5);
        translate(iova, false);
        mapping.unmap(iova, 7);
        mapping.unmap(mapping.map(0x2000, 60, EptEntry.READ, 8), 9);
        assertEquals(7 + TEN_MS, mapping.dueCycle());
        mapping.advanceTo(6 + TEN_MS);
        assertEquals(0x1000, translate(iova, false));
        mapping.advanceTo(7 + TEN_MS);
        assertEquals(Iommu.REFUSED, translate(iova, false));
    }

    @Test
    void eachPartOfAMappingIsPaid() {
        RemappedMapping mapping = mapping(MappingPolicy.STRICT);
        long iova = mapping.map(0x1000, 60, EptEntry.READ, 0);
        assertEquals(4618, mapping.takeCycles());
        mapping.unmap(iova, 0);
        assertEquals(2999, mapping.takeCycles());
    }

    @Test
    void whatIsNotMappedCannotBeUnmapped() {
        RemappedMapping mapping = mapping(MappingPolicy.DEFER);
        long iova = mapping.map(0x1000, 60, EptEntry.READ, 0);
        mapping.unmap(iova, 0);
        assertThrows(IllegalArgumentException.class, () -> mapping.unmap(iova, 0));
        assertThrows(IllegalArgumentException.class, () -> mapping.unmap(0x3000, 0));
        assertThrows(IllegalArgumentException.class, () -> mapping.unmap(-1, 0));
    }
}
