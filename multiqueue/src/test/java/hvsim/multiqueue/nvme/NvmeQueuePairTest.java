package hvsim.multiqueue.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.RequestDevice;
import hvsim.multiqueue.arbitration.Arbiter;
import hvsim.multiqueue.bus.ArrayMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.RingFault;
import hvsim.multiqueue.interrupt.ModerationSpec;
import hvsim.multiqueue.service.ConstantTime;
import hvsim.multiqueue.service.RandomStream;
import hvsim.multiqueue.service.ServiceStation;
import hvsim.multiqueue.service.StationSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class NvmeQueuePairTest {
    private static final int MEMORY = 1 << 23;
    private static final NvmeLayout LAYOUT = new NvmeLayout(1, 0x1_0000, 16, 0x2_0000, 16);
    private static final int READ = 2;
    private static final int LIST = 0x3_0000;
    private static final int DATA = 0x10_0000;

    private final ArrayMemory memory = new ArrayMemory(MEMORY);
    private final NvmeDriver driver = new NvmeDriver(memory, LAYOUT);
    private final NvmeQueuePair pair = new NvmeQueuePair(memory, LAYOUT, new NvmeNamespace(1, 1000, 512));
    private final Chain chain = new Chain();

    @Test
    void onePageNeedsOnePrp() {
        assertTrue(take(new NvmeCommand(READ, 9, 1, DATA, 0, 0, 8)));
        assertEquals(9, chain.id());
        assertEquals(1, chain.count());
        assertEquals(4096, chain.writableBytes());
    }

    @Test
    void aWriteIsReadByTheDevice() {
        assertTrue(take(new NvmeCommand(1, 9, 1, DATA, 0, 0, 8)));
        assertEquals(0, chain.writableBytes());
        assertEquals(4096, chain.bytes());
    }

    @Test
    void aSecondPageIsPrp2ItselfEvenBehindAnOffset() {
        assertTrue(take(new NvmeCommand(READ, 1, 1, DATA + 512, DATA + 0x2000, 0, 8)));
        assertEquals(3584, chain.length(0));
        assertEquals(512, chain.length(1));
        assertEquals(DATA + 0x2000, chain.address(1));
    }

    @Test
    void morePagesAreInAListThatGoesOnInItsLastEntry() {
        int pages = 700;
        writeList(pages - 1);
        NvmeQueuePair large = new NvmeQueuePair(memory, LAYOUT, new NvmeNamespace(1, 1000, 4096));
        driver.submit(new NvmeCommand(READ, 1, 1, DATA, LIST, 0, pages));
        large.setTail(driver.tail());
        assertTrue(large.take(chain));
        assertEquals(pages, chain.count());
        assertEquals(4096L * pages, chain.bytes());
        for (int i = 0; i < pages; i++) {
            assertEquals(DATA + 4096L * i, chain.address(i));
        }
    }

    /** 511 entries and a pointer in the first page of the list, the rest in the second. */
    private void writeList(int entries) {
        for (int i = 0; i < entries; i++) {
            long at = i < 511 ? LIST + 8L * i : LIST + 4096 + 8L * (i - 511);
            memory.write64(at, DATA + 4096L * (i + 1));
        }
        memory.write64(LIST + 8L * 511, LIST + 4096);
    }

    @Test
    void aFlushMovesNothing() {
        assertTrue(take(new NvmeCommand(0, 4, 1, -1, -1, -1, 1)));
        assertEquals(0, chain.count());
    }

    @Test
    void blocksOfNobodyAreRefusedAndOthersServed() {
        refused(new NvmeCommand(READ, 5, 1, DATA, 0, 993, 8), NvmeStatus.LBA_OUT_OF_RANGE);
        refused(new NvmeCommand(READ, 6, 1, DATA, 0, Long.MAX_VALUE, 8), NvmeStatus.LBA_OUT_OF_RANGE);
        refused(new NvmeCommand(READ, 7, 1, DATA, 0, -1, 8), NvmeStatus.LBA_OUT_OF_RANGE);
        assertTrue(take(new NvmeCommand(READ, 8, 1, DATA, 0, 992, 8)));
        assertEquals(3, pair.refused());
        assertEquals(RingFault.NONE, pair.lastRefusal());
    }

    @Test
    void anUnknownCommandIsRefused() {
        refused(new NvmeCommand(0x99, 5, 1, DATA, 0, 0, 8), NvmeStatus.INVALID_OPCODE);
    }

    @Test
    void blocksOfAnotherNamespaceAreRefused() {
        refused(new NvmeCommand(READ, 5, 2, DATA, 0, 0, 8), NvmeStatus.INVALID_NAMESPACE);
        refused(new NvmeCommand(0, 6, 0, 0, 0, 0, 1), NvmeStatus.INVALID_NAMESPACE);
    }

    @Test
    void memoryOfOthersIsRefused() {
        refused(new NvmeCommand(READ, 5, 1, MEMORY, 0, 0, 8), NvmeStatus.DATA_TRANSFER_ERROR);
        assertEquals(RingFault.BUFFER_OUT_OF_REACH, pair.lastRefusal());
        refused(new NvmeCommand(READ, 6, 1, DATA, MEMORY, 0, 32), NvmeStatus.DATA_TRANSFER_ERROR);
    }

    @Test
    void pagesThatBeginWithinAPageAreRefused() {
        refused(new NvmeCommand(READ, 5, 1, DATA + 2, 0, 0, 8), NvmeStatus.PRP_OFFSET_INVALID);
        refused(new NvmeCommand(READ, 6, 1, DATA, DATA + 0x1010, 0, 16), NvmeStatus.PRP_OFFSET_INVALID);
        assertEquals(RingFault.BAD_PRP, pair.lastRefusal());
    }

    @Test
    void aListThatBeginsWithinAnEntryIsRefused() {
        refused(new NvmeCommand(READ, 5, 1, DATA, LIST + 4, 0, 32), NvmeStatus.PRP_OFFSET_INVALID);
    }

    @Test
    void aDoorbellBehindTheQueueStopsIt() {
        pair.setTail(16);
        assertEquals(RingFault.BAD_DOORBELL, pair.fault());
        assertFalse(pair.take(chain));
    }

    @Test
    void aFullQueueTakesNoMore() {
        NvmeCommand command = new NvmeCommand(READ, 1, 1, DATA, 0, 0, 8);
        for (int i = 0; i < 15; i++) {
            assertTrue(driver.submit(command));
        }
        assertFalse(driver.submit(command));
    }

    @Test
    void doorbellsLieAStrideApart() {
        NvmeDoorbells doorbells = new NvmeDoorbells(2);
        assertEquals(0x1000 + 6 * 16, doorbells.submissionTail(3));
        assertEquals(0x1000 + 7 * 16, doorbells.completionHead(3));
        assertEquals(3, doorbells.queue(doorbells.completionHead(3)));
        assertThrows(IllegalArgumentException.class, () -> new NvmeDoorbells(16));
    }

    @Test
    void aDoorbellIsOneQueuesHeadOrTail() {
        NvmeDoorbells doorbells = new NvmeDoorbells(0);
        RequestDevice device = new RequestDevice(
                List.of(pair),
                Arbiter.equal(1, 1),
                new ServiceStation(new StationSpec(1, 8, new ConstantTime(10)), new RandomStream(1), null),
                ModerationSpec.OFF);
        NvmeRegisters registers = new NvmeRegisters(doorbells, List.of(pair), device);
        assertTrue(driver.submit(new NvmeCommand(0, 4, 1, 0, 0, 0, 1)));
        for (long offset : new long[] {0, 0x14, 0xFFC, 0x1000, 0x1004, 0x100A, 0x1010, 0x1014, -8}) {
            registers.write(offset, 1, 0);
        }
        device.advanceTo(100);
        assertEquals(0, device.stats(0).operations());
        registers.write(doorbells.submissionTail(1), driver.tail(), 100);
        device.advanceTo(200);
        assertEquals(4, driver.takeCompletion());
        registers.write(doorbells.completionHead(1), driver.completionHead(), 200);
        assertEquals(RingFault.NONE, pair.fault());
        registers.write(doorbells.completionHead(1), 16, 200);
        assertEquals(RingFault.BAD_DOORBELL, pair.fault());
    }

    private boolean take(NvmeCommand command) {
        assertTrue(driver.submit(command));
        pair.setTail(driver.tail());
        return pair.take(chain);
    }

    private void refused(NvmeCommand command, NvmeStatus status) {
        assertFalse(take(command));
        assertEquals(command.id() | (long) status.code() << 17, driver.takeCompletion());
        assertEquals(RingFault.NONE, pair.fault());
    }
}
