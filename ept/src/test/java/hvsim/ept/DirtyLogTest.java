package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The page-modification log by itself (SDM vol. 3, 325384-059US, 28.2.5). */
class DirtyLogTest {
    private static final long ADDRESS = 0x7000;

    private final PhysicalMemory memory = new PhysicalMemory(1 << 20);
    private final DirtyLog log = new DirtyLog(memory);

    @Test
    void isWrittenFromTheLastEntryDown() {
        log.enter(true, ADDRESS, 511);
        log.append(0x1234_5678L);
        log.append(0x9ABC_D000L);
        assertEquals(0x1234_5000L, memory.read(ADDRESS + 8 * 511));
        assertEquals(0x9ABC_D000L, memory.read(ADDRESS + 8 * 510));
        assertEquals(509, log.index());
    }

    @Test
    void isFullAfterEntry0() {
        log.enter(true, ADDRESS, 0);
        assertFalse(log.isFull());
        log.append(0x5000);
        assertEquals(0x5000, memory.read(ADDRESS));
        assertEquals(0xFFFF, log.index());
        assertTrue(log.isFull());
    }

    @Test
    void isFullWithAnyIndexAbove511() {
        log.enter(true, ADDRESS, 512);
        assertTrue(log.isFull());
        log.enter(true, ADDRESS, 511 | 1 << 16);
        assertFalse(log.isFull());
        assertEquals(511, log.index());
    }

    @Test
    void doesNothingUnlessEnabled() {
        log.enter(false, ADDRESS, 512);
        assertFalse(log.isFull());
        log.append(0x5000);
        assertEquals(512, log.index());
        assertEquals(0, memory.read(ADDRESS + 8 * 512));
    }

    @Test
    void outsideOfMemoryNobodyTakesTheWrite() {
        log.enter(true, 1 << 20, 1);
        log.append(0x5000);
        log.append(0x6000);
        assertEquals(0xFFFF, log.index());
        assertEquals(0, memory.read(1 << 20));
    }
}
