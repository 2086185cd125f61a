package hvsim.vmm.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hvsim.tlb.PageSize;
import org.junit.jupiter.api.Test;

class MachineFramesTest {
    private static final long PART = 4L << 20;
    private static final PageSize SMALL = PageSize.SIZE_4K;
    private static final PageSize LARGE = PageSize.SIZE_2M;

    private final MachineFrames frames = new MachineFrames(3, PART);

    @Test
    void aShareBeginsWithThePartOfItsSocket() {
        assertEquals(0, frames.of(7, 0).allocate(SMALL));
        assertEquals(PART, frames.of(8, 1).allocate(LARGE));
        assertEquals(2 * PART, frames.ofHypervisor(2).allocate(SMALL));
        assertEquals(7, frames.ownerOf(0));
        assertEquals(8, frames.ownerOf(PART + LARGE.bytes() - 1));
        assertEquals(0, frames.ownerOf(2 * PART));
        assertEquals(FrameAllocator.NOBODY, frames.ownerOf(3 * PART - 1));
    }

    @Test
    void whenASocketHasNothingLeftTheNextOneHas() {
        Frames ofLast = frames.of(1, 2);
        for (long expected : new long[] {2 * PART, 2 * PART + LARGE.bytes(), 0, LARGE.bytes(), PART}) {
            assertEquals(expected, ofLast.allocate(LARGE));
        }
    }

    @Test
    void whereALargePageHasNoRoomASmallOneMayHave() {
        Frames share = new MachineFrames(2, LARGE.bytes() + SMALL.bytes()).of(1, 0);
        assertEquals(0, share.allocate(LARGE));
        assertEquals(LARGE.bytes(), share.allocate(SMALL));
        assertEquals(LARGE.bytes() + SMALL.bytes(), share.allocate(SMALL));
    }

    @Test
    void theMachinesMemoryIsUsedUpWhenAllPartsAre() {
        Frames share = frames.of(1, 1);
        for (int i = 0; i < 6; i++) {
            share.allocate(LARGE);
        }
        String message = assertThrows(OutOfFramesException.class, () -> share.allocate(SMALL))
                .getMessage();
        assertEquals("the machine's memory is used up: all of its 12MiB are handed out", message);
    }
}
