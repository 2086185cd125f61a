package hvsim.vmm.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.apic.PostedInterrupts;
import hvsim.tlb.PageSize;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterruptRemappingTest {
    private static final int NIC = 0x0312;
    private static final int ENTRIES = 256;

    private final Remapped machine = new Remapped();
    private final FaultRegisters faults = machine.iommu.faults();
    private final InterruptRemapping table =
            new InterruptRemapping(machine.memory, machine.frames.allocate(PageSize.SIZE_4K), ENTRIES);

    private InterruptEntry entry(int requester, int index) {
        return Objects.requireNonNull(table.entry(requester, InterruptRequest.of(index), faults));
    }

    private void assertRefused(FaultReason reason, int requester, InterruptRequest request, int index) {
        assertNull(table.entry(requester, request, faults));
        assertEquals(new FaultRecord(requester, (long) index << 48, true, reason), faults.take());
    }

    @Test
    void aRemappedInterruptGoesToTheProcessorOfItsEntry() {
        table.set(7, InterruptEntry.remapped(NIC, 0x41, 3));
        assertEquals(InterruptCommand.fixed(0x41, 3), entry(NIC, 7).command());
        assertFalse(entry(NIC, 7).isPosted());
    }

    @Test
    void aPostedInterruptGoesToItsDescriptorAndNotifiesTheProcessorOnce() {
        long hpa = machine.frames.allocate(PageSize.SIZE_4K) + 3L * PostedInterrupts.BYTES;
        PostedInterrupts descriptor = new PostedInterrupts(machine.memory, hpa);
        descriptor.notify(0xF2, 5);
        table.set(9, InterruptEntry.posted(NIC, 0x61, hpa));
        InterruptEntry entry = entry(NIC, 9);
        assertTrue(entry.isPosted());
        assertEquals(hpa, entry.descriptorHpa());
        PostedInterrupts found = new PostedInterrupts(machine.memory, entry.descriptorHpa());
        assertEquals(InterruptCommand.fixed(0xF2, 5), found.post(entry.vector()));
        assertNull(found.post(entry.vector()));
        assertTrue(descriptor.isWaiting());
    }

    @Test
    void descriptorsAboveFourGiBAreFound() {
        assertEquals(
                0x12_3456_7FC0L, InterruptEntry.posted(NIC, 1, 0x12_3456_7FC0L).descriptorHpa());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 0x7FFF, 0x8000, 0xFFFF})
    void theIndexIsInTheAddress(int index) {
        InterruptRequest request = InterruptRequest.of(index);
        assertEquals(index, request.index());
        assertEquals(0xFEE, request.address() >>> 20);
    }

    @Test
    void aDeviceOfSeveralInterruptsAddsItsSubhandle() {
        InterruptRequest first = InterruptRequest.of(16);
        assertEquals(19, new InterruptRequest(first.address() | 1 << 3, 3).index());
    }

    @Test
    void anotherDevicesEntryIsRefused() {
        table.set(7, InterruptEntry.remapped(NIC, 0x41, 3));
        assertRefused(FaultReason.INTERRUPT_SOURCE, NIC + 1, InterruptRequest.of(7), 7);
    }

    @Test
    void functionsThatAreLeftOutOfTheComparisonMayAsk() {
        InterruptEntry entry = InterruptEntry.remapped(NIC, 0x41, 3);
        table.set(7, new InterruptEntry(entry.low(), entry.high() | 3 << 16));
        assertEquals(0x41, entry(NIC | 7, 7).vector());
        assertRefused(FaultReason.INTERRUPT_SOURCE, NIC + 8, InterruptRequest.of(7), 7);
    }

    @Test
    void aRangeOfBusesMayAsk() {
        InterruptEntry entry = InterruptEntry.remapped(0x0305, 0x41, 3);
        table.set(7, new InterruptEntry(entry.low(), entry.high() ^ 3 << 18));
        assertEquals(0x41, entry(0x0412, 7).vector());
        assertRefused(FaultReason.INTERRUPT_SOURCE, 0x0600, InterruptRequest.of(7), 7);
    }

    @Test
    void whatIsNotThereOrMalformedIsNamed() {
        assertRefused(FaultReason.INTERRUPT_NOT_PRESENT, NIC, InterruptRequest.of(3), 3);
        assertRefused(FaultReason.INTERRUPT_INDEX, NIC, InterruptRequest.of(ENTRIES), ENTRIES);
        assertRefused(FaultReason.COMPATIBILITY_BLOCKED, NIC, new InterruptRequest(0xFEE0_0000L, 0x41), 0);
        InterruptEntry entry = InterruptEntry.remapped(NIC, 0x41, 3);
        table.set(3, new InterruptEntry(entry.low() | 1 << 13, entry.high()));
        assertRefused(FaultReason.RESERVED_IN_INTERRUPT, NIC, InterruptRequest.of(3), 3);
        table.set(3, new InterruptEntry(entry.low(), entry.high() | 1L << 40));
        assertRefused(FaultReason.RESERVED_IN_INTERRUPT, NIC, InterruptRequest.of(3), 3);
    }
}
