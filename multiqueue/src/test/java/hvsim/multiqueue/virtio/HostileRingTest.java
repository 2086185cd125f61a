package hvsim.multiqueue.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.bus.ArrayMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.DeviceRing;
import hvsim.multiqueue.bus.RingFault;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rings as a hostile guest may write them: the device names the fault, touches nothing, and takes no more. */
class HostileRingTest {
    private static final int SIZE = 4;
    private static final int NEXT = 1;
    private static final int WRITE = 2;
    private static final int INDIRECT = 4;
    private static final int TABLE = 4096;
    private static final int BUFFER = 8192;
    private static final int MEMORY = 1 << 14;

    private final ArrayMemory memory = new ArrayMemory(MEMORY);
    private final SplitLayout split = SplitLayout.at(0, SIZE);
    private final SplitDevice device = new SplitDevice(memory, split, NotificationMode.EVENT_INDEX);
    private final PackedLayout packed = PackedLayout.at(0, SIZE);
    private final PackedDevice packedDevice = new PackedDevice(memory, packed, NotificationMode.EVENT_INDEX);
    private final Chain chain = new Chain();

    @Test
    void anIndexThatJumpsIsFound() {
        memory.write16(split.availableIndex(), SIZE + 1);
        refused(RingFault.INDEX_JUMP);
    }

    @Test
    void anIndexThatGoesBackIsAJump() {
        plainRequest();
        assertTrue(device.take(chain));
        memory.write16(split.availableIndex(), 0);
        refused(RingFault.INDEX_JUMP);
    }

    @Test
    void moreThanTheQueueHoldsIsFound() {
        for (int i = 0; i < SIZE; i++) {
            descriptor(split.descriptor(i), BUFFER, 8, 0, 0);
            memory.write16(split.available(i), i);
        }
        memory.write16(split.availableIndex(), SIZE);
        for (int i = 0; i < SIZE; i++) {
            assertTrue(device.take(chain));
        }
        memory.write16(split.availableIndex(), SIZE + 1);
        refused(RingFault.OVERRUN);
    }

    @Test
    void aHeadOutsideTheTableIsFound() {
        memory.write16(split.available(0), SIZE);
        memory.write16(split.availableIndex(), 1);
        refused(RingFault.DESCRIPTOR_OUT_OF_RANGE);
    }

    @Test
    void aNextOutsideTheTableIsFound() {
        request(BUFFER, 8, NEXT, 0xFFFF);
        refused(RingFault.DESCRIPTOR_OUT_OF_RANGE);
    }

    @Test
    void aChainThatBitesItsTailIsFound() {
        request(BUFFER, 8, NEXT, 0);
        refused(RingFault.DESCRIPTOR_LOOP);
    }

    @Test
    void aBufferToReadAfterOneToWriteIsFound() {
        request(BUFFER, 8, NEXT | WRITE, 1);
        descriptor(split.descriptor(1), BUFFER, 8, 0, 0);
        refused(RingFault.READABLE_AFTER_WRITABLE);
    }

    @Test
    void aBufferOutsideMemoryIsFound() {
        request(MEMORY - 4, 8, 0, 0);
        refused(RingFault.BUFFER_OUT_OF_REACH);
    }

    @Test
    void aBufferThatWrapsAroundTheEndOfAddressesIsFound() {
        request(-8, 16, 0, 0);
        refused(RingFault.BUFFER_OUT_OF_REACH);
    }

    @Test
    void anIndirectTableOutsideMemoryIsFound() {
        request(MEMORY, 16, INDIRECT, 0);
        refused(RingFault.BUFFER_OUT_OF_REACH);
    }

    @Test
    void aTableWithinATableIsFound() {
        request(TABLE, 32, INDIRECT, 0);
        descriptor(TABLE, TABLE, 16, INDIRECT, 0);
        refused(RingFault.BAD_INDIRECT);
    }

    @Test
    void aTableWithSomethingAfterItIsFound() {
        request(TABLE, 32, INDIRECT | NEXT, 1);
        refused(RingFault.BAD_INDIRECT);
    }

    @Test
    void aTableOfNoWholeDescriptorsIsFound() {
        request(TABLE, 20, INDIRECT, 0);
        refused(RingFault.BAD_INDIRECT);
    }

    @Test
    void anEmptyTableIsFound() {
        request(TABLE, 0, INDIRECT, 0);
        refused(RingFault.BAD_INDIRECT);
    }

    @Test
    void aTableOfMoreThanIndicesReachIsFound() {
        request(TABLE, 0xFFFF_FFF0L, INDIRECT, 0);
        refused(RingFault.BAD_INDIRECT);
    }

    @Test
    void aLoopWithinATableIsFound() {
        request(TABLE, 32, INDIRECT, 0);
        descriptor(TABLE, BUFFER, 8, NEXT, 1);
        descriptor(TABLE + 16, BUFFER, 8, NEXT, 0);
        refused(RingFault.DESCRIPTOR_LOOP);
    }

    @Test
    void plainDescriptorsMayEndInATable() {
        request(BUFFER, 8, NEXT, 1);
        descriptor(split.descriptor(1), TABLE, 16, INDIRECT, 0);
        descriptor(TABLE, BUFFER, 100, WRITE, 0);
        assertTrue(device.take(chain));
        assertEquals(2, chain.count());
        assertEquals(100, chain.writableBytes());
    }

    @Test
    void aRingThatIsTakenOutOfReachIsFound() {
        SplitDevice far = new SplitDevice(memory, SplitLayout.at(MEMORY - 16, SIZE), NotificationMode.FLAGS);
        assertFalse(far.take(chain));
        assertEquals(RingFault.RING_OUT_OF_REACH, far.fault());
        far.giveBack(0, 1, 0);
        assertFalse(far.wantsInterrupt());
    }

    @Test
    void aPackedChainWithoutEndIsFound() {
        for (int i = 0; i < SIZE; i++) {
            packedDescriptor(packed.descriptor(i), BUFFER, 8, NEXT | PackedLayout.AVAILABLE);
        }
        refusedPacked(RingFault.DESCRIPTOR_LOOP);
    }

    @Test
    void aPackedRingThatGoesOnWithoutWaitingIsFound() {
        for (int i = 0; i < SIZE; i++) {
            packedDescriptor(packed.descriptor(i), BUFFER, 8, PackedLayout.AVAILABLE);
            assertTrue(packedDevice.take(chain));
        }
        packedDescriptor(packed.descriptor(0), BUFFER, 8, PackedLayout.USED);
        refusedPacked(RingFault.OVERRUN);
    }

    @Test
    void aPackedTableWithinATableIsFound() {
        packedDescriptor(packed.descriptor(0), TABLE, 16, INDIRECT | PackedLayout.AVAILABLE);
        packedDescriptor(TABLE, TABLE, 16, INDIRECT);
        refusedPacked(RingFault.BAD_INDIRECT);
    }

    @Test
    void aPackedBufferOutsideMemoryIsFound() {
        packedDescriptor(packed.descriptor(0), MEMORY, 1, WRITE | PackedLayout.AVAILABLE);
        refusedPacked(RingFault.BUFFER_OUT_OF_REACH);
    }

    /** Whatever the bytes are, a device takes a request within its memory, or says what is wrong, or waits. */
    @ParameterizedTest
    @EnumSource
    void anyBytesEndInARequestAFaultOrNothing(QueuePair.Format format) {
        SplittableRandom random = new SplittableRandom(1);
        int faults = 0;
        for (int round = 0; round < 3_000; round++) {
            QueuePair queue = format.make(8, NotificationMode.EVENT_INDEX);
            for (long at = 0; at < queue.end(); at += 2) {
                queue.memory().write16(at, random.nextInt(random.nextBoolean() ? 12 : 1 << 16));
            }
            for (int i = 0; i < 12 && queue.device().take(chain); i++) {
                withinMemory(queue);
                queue.device().giveBack(chain.id(), chain.slots(), 0);
            }
            queue.device().wantsInterrupt();
            faults += queue.device().fault() == RingFault.NONE ? 0 : 1;
        }
        assertTrue(faults > 100, "faults: " + faults);
    }

    private void withinMemory(QueuePair queue) {
        for (int i = 0; i < chain.count(); i++) {
            assertTrue(queue.memory().reaches(chain.address(i), chain.length(i), chain.isWritable(i)));
        }
    }

    private void plainRequest() {
        request(BUFFER, 8, 0, 0);
    }

    private void request(long address, long length, int flags, int next) {
        descriptor(split.descriptor(0), address, length, flags, next);
        memory.write16(split.available(0), 0);
        memory.write16(split.availableIndex(), 1);
    }

    private void descriptor(long at, long address, long length, int flags, int next) {
        memory.write64(at, address);
        memory.write32(at + 8, length);
        memory.write16(at + 12, flags);
        memory.write16(at + 14, next);
    }

    private void packedDescriptor(long at, long address, long length, int flags) {
        descriptor(at, address, length, 0, flags);
    }

    private void refused(RingFault fault) {
        refused(device, fault);
    }

    private void refusedPacked(RingFault fault) {
        refused(packedDevice, fault);
    }

    private void refused(DeviceRing by, RingFault fault) {
        assertFalse(by.take(chain));
        assertEquals(fault, by.fault());
        assertFalse(by.take(chain));
        assertFalse(by.wantsInterrupt());
        assertFalse(by.enableNotifications());
    }
}
