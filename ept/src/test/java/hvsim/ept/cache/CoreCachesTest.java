package hvsim.ept.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class CoreCachesTest {
    private static final CacheSpec L1 = new CacheSpec(128, 2, 4);
    private static final CacheSpec L2 = new CacheSpec(256, 4, 14);
    private static final CacheSpec L3 = new CacheSpec(1024, 16, 50);
    private static final CachesSpec SPEC = new CachesSpec(true, L1, L2, L3, 190, 310);
    private static final CacheSpec NONE = new CacheSpec(0, 1, 0);

    private final SocketCaches socket = new SocketCaches(SPEC, 0x1000, 0x2000);
    private final CoreCaches core = socket.newCore();

    @Test
    void aLineThatWasReadIsInTheFirstLevel() {
        assertEquals(190, core.walk(0x1000));
        assertEquals(4, core.walk(0x103F));
        assertEquals(190, core.walk(0x1040));
    }

    @Test
    void theOldestLineOfTheFirstLevelIsStillInTheSecond() {
        core.walk(0x1000);
        core.walk(0x1040);
        core.walk(0x1080);
        assertEquals(14, core.walk(0x1000));
        assertEquals(4, core.walk(0x1000));
    }

    @Test
    void anotherCoreOfTheSocketFindsItInTheThirdLevel() {
        core.walk(0x1000);
        assertEquals(50, socket.newCore().walk(0x1000));
    }

    @Test
    void memoryOfAnotherSocketIsFartherAway() {
        assertEquals(190, core.walk(0x1FC0));
        assertEquals(310, core.walk(0x2000));
        assertEquals(310, core.walk(0xFC0));
        assertEquals(new ServedBy(0, 0, 0, 1, 2), core.stats().walks());
    }

    @Test
    void aHitOfDataInTheFirstLevelCostsNothing() {
        assertEquals(186, core.access(false, 0x1000, 8));
        assertEquals(0, core.access(false, 0x1008, 8));
    }

    @Test
    void fetchesHaveAFirstLevelOfTheirOwn() {
        core.access(false, 0x1000, 8);
        assertEquals(10, core.access(true, 0x1000, 4));
        assertEquals(4, core.walk(0x1000));
    }

    @Test
    void aReferenceThatStraddlesTwoLinesWaitsForBoth() {
        assertEquals(2 * 186, core.access(false, 0x103C, 8));
        assertEquals(2, core.stats().data().total());
    }

    @Test
    void theHypervisorIsCountedApart() {
        core.countForHypervisor(true);
        core.walk(0x1000);
        core.countForHypervisor(false);
        assertEquals(ServedBy.ZERO, core.stats().walks());
        assertEquals(1, core.stats().hypervisorWalks().memory());
    }

    @Test
    void aLevelOfSizeZeroServesNothing() {
        CoreCaches small = new SocketCaches(new CachesSpec(false, L1, NONE, NONE, 190, 190)).newCore();
        for (int line = 0; line < 3; line++) {
            assertEquals(190, small.walk(64L * line));
        }
        assertEquals(190, small.walk(0));
    }

    @Test
    void shapesThatAreNoneAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new CacheSpec(100, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new CacheSpec(64, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new CacheSpec(-64, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new CacheSpec(64, 1, -1));
        assertThrows(IllegalArgumentException.class, () -> new CacheSpec(64L * CacheSpec.MOST_SETS + 64, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new CachesSpec(false, NONE, L2, L3, 190, 190));
        assertThrows(IllegalArgumentException.class, () -> new CachesSpec(false, L1, L2, L3, -1, 190));
    }
}
