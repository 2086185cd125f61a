package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.tlb.PageSize;
import hvsim.tlb.Translation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 32-bit paging: two levels of entries of 4 bytes, pages of 4 KiB and 4 MiB (SDM vol. 3, 325384-059US, 4.3). */
class TwoLevelPagingTest {
    private static final long PSE = 1 << 4;
    private static final long TABLE = 0x2000;
    private static final long GVA = 0x0048_3ABC;
    private static final long PDE = GVA >>> 22;
    private static final long PTE = GVA >>> 12 & 1023;
    private static final long PAGE_4M = 1 << 7;

    private final NativeTables tables = new NativeTables(
            new WalkSpec(new WalkSpec.StructureCache(4, 4, 4), new WalkSpec.StructureCache(0, 0, 0), 0));

    @BeforeEach
    void map() {
        tables.setHalf(NativeTables.ROOT, PDE, TABLE | 0x27);
        tables.setHalf(TABLE, PTE, 0xFEDC_B000L | 0x07);
        tables.setHalf(TABLE, PTE ^ 1, 0x1234_5678L);
        tables.enter(true, NativeTables.CR0, 0, 0, 0);
    }

    @Test
    void twoEntriesOf4BytesLeadToThePage() {
        assertTrue(tables.read(GVA));
        assertEquals(2, tables.walk.guestReferences());
        assertEquals(0xFEDC_BABCL, Translation.hpa(tables.walk.translation(), GVA));
        assertEquals(PageSize.SIZE_4K, Translation.size(tables.walk.translation()));
        assertEquals(0, Translation.flags(tables.walk.translation()) & Translation.CUT);
    }

    @Test
    void flagsAreSetInTheirHalfOfTheWordOnly() {
        assertTrue(tables.write(GVA));
        assertEquals(0xFEDC_B000L | 0x67, tables.half(TABLE, PTE));
        assertEquals(0x1234_5678L, tables.half(TABLE, PTE ^ 1));
        assertTrue(tables.write(GVA));
        assertEquals(0x1234_5678L, tables.half(TABLE, PTE ^ 1));
    }

    @Test
    void theNeighbourInTheSameWordIsAnotherPage() {
        tables.setHalf(TABLE, PTE ^ 1, 0x0765_4000L | 0x67);
        assertTrue(tables.read(GVA ^ 0x1000));
        assertEquals(0x0765_4ABCL, Translation.hpa(tables.walk.translation(), GVA ^ 0x1000));
    }

    @Test
    void anAddressHas32Bits() {
        assertTrue(tables.read(0x7_0000_0000L | GVA));
        assertEquals(0xFEDC_BABCL, Translation.pageHpa(tables.walk.translation()) | GVA & 0xFFF);
        assertTrue(tables.read(0x1FF_FFFF_0000_0000L | GVA));
        assertEquals(1, tables.walk.guestReferences());
    }

    @Test
    void onePdeInTheCacheServes4Mib() {
        tables.setHalf(TABLE, PTE ^ 1 << 9, 0x0765_4000L | 0x67);
        assertTrue(tables.read(GVA));
        assertTrue(tables.read(GVA ^ 1 << 21));
        assertEquals(1, tables.walk.guestReferences());
        tables.caches.guest.forget(GVA, 0);
        assertTrue(tables.read(GVA ^ 1 << 21));
        assertEquals(2, tables.walk.guestReferences());
    }

    @Test
    void aPageOf4MibIsTwoPiecesWithTheHighAddressBitsOfPse36() {
        tables.enter(true, NativeTables.CR0, PSE, 0, 0);
        tables.setHalf(NativeTables.ROOT, PDE, 0xABC0_0000L | 0xA5L << 13 | 1 << 12 | PAGE_4M | 0x67);
        for (long gva : new long[] {GVA, GVA ^ 1 << 21}) {
            assertTrue(tables.read(gva));
            assertEquals(1, tables.walk.guestReferences());
            assertEquals(0xA5_ABC0_0000L | gva & 0x3F_FFFF, Translation.hpa(tables.walk.translation(), gva));
            assertEquals(PageSize.SIZE_2M, Translation.size(tables.walk.translation()));
            assertEquals(Translation.cutFrom4M(), Translation.flags(tables.walk.translation()) & Translation.CUT);
        }
    }

    @Test
    void bit21OfAPageOf4MibIsReserved() {
        tables.enter(true, NativeTables.CR0, PSE, 0, 0);
        tables.setHalf(NativeTables.ROOT, PDE, 1 << 21 | PAGE_4M | 0x67);
        assertFalse(tables.read(GVA));
        assertEquals(0b1101, tables.walk.errorCode());
        assertEquals(StopCause.RESERVED_BIT, tables.walk.stopCause());
        assertEquals(2, tables.walk.stopLevel());
    }

    @Test
    void withoutPseBit7IsIgnored() {
        tables.setHalf(NativeTables.ROOT, PDE, TABLE | PAGE_4M | 0x27);
        assertTrue(tables.read(GVA));
        assertEquals(2, tables.walk.guestReferences());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFetchIsToldOfOnlyWithSmepAndNeverForbiddenByNxe(boolean smep) {
        long efer = NativeTables.NXE;
        tables.enter(true, NativeTables.CR0, smep ? 1 << 20 : 0, efer, 0);
        assertTrue(tables.fetch(GVA));
        assertFalse(tables.fetch(GVA + 0x2000));
        assertEquals(smep ? 0b10100 : 0b100, tables.walk.errorCode());
        assertEquals(StopCause.NOT_PRESENT, tables.walk.stopCause());
        assertEquals(1, tables.walk.stopLevel());
    }
}
