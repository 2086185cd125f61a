package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.tlb.PageSize;
import hvsim.tlb.Translation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PAE paging: four registers, then two levels (SDM vol. 3, 325384-059US, 4.4). */
class PaePagingTest {
    private static final long CR3 = 0x7FE0;
    private static final long DIRECTORY = 0x2000;
    private static final long TABLE = 0x3000;
    private static final long GVA = 0xC060_5ABCL;
    private static final long PDE = GVA >>> 21 & 511;
    private static final long PTE = GVA >>> 12 & 511;

    private final NativeTables tables = new NativeTables(
            new WalkSpec(new WalkSpec.StructureCache(4, 4, 4), new WalkSpec.StructureCache(0, 0, 0), 0));

    @BeforeEach
    void map() {
        tables.pdptes[3] = DIRECTORY | 1;
        tables.set(DIRECTORY, PDE, TABLE | 0x27);
        tables.set(TABLE, PTE, 0x12_3456_7000L | NativeTables.USED);
        enter();
    }

    private void enter() {
        tables.enter(true, NativeTables.CR0, NativeTables.PAE, NativeTables.NXE, 0);
    }

    @Test
    void theRegistersTakeTheTopTablesPlace() {
        assertTrue(tables.read(GVA));
        assertEquals(2, tables.walk.guestReferences());
        assertEquals(0x12_3456_7ABCL, Translation.hpa(tables.walk.translation(), GVA));
        assertTrue(tables.read(GVA | 0x5_0000_0000L));
        assertEquals(1, tables.walk.guestReferences());
    }

    @Test
    void theRightsOfTheRegistersAreNone() {
        assertTrue(tables.write(GVA));
        assertTrue(tables.fetch(GVA));
    }

    @Test
    void aPageOf2MibIsReadFromTheDirectory() {
        tables.set(DIRECTORY, PDE, 0x12_3460_0000L | 1 << 7 | NativeTables.USED);
        assertTrue(tables.read(GVA));
        assertEquals(1, tables.walk.guestReferences());
        assertEquals(0x12_3460_5ABCL, Translation.hpa(tables.walk.translation(), GVA));
        assertEquals(PageSize.SIZE_2M, Translation.size(tables.walk.translation()));
    }

    @Test
    void whereTheRegisterIsNotPresentItIsAPageFaultAndNothingIsRead() {
        assertFalse(tables.read(GVA - (1L << 30)));
        assertEquals(WalkOutcome.PAGE_FAULT, tables.walk.outcome());
        assertEquals(0b100, tables.walk.errorCode());
        assertEquals(0, tables.walk.guestReferences());
        assertEquals(StopCause.NOT_PRESENT, tables.walk.stopCause());
        assertEquals(3, tables.walk.stopLevel());
    }

    @Test
    void thereAreNoProtectionKeys() {
        tables.enter(true, NativeTables.CR0, NativeTables.PAE | 1 << 22, NativeTables.NXE, -1);
        assertTrue(tables.write(GVA));
        tables.set(TABLE, PTE, 0x12_3456_7000L | 1L << 59 | NativeTables.USED);
        assertFalse(tables.read(GVA));
        assertEquals(0b1101, tables.walk.errorCode());
    }

    @Test
    void loadingReadsFourEntriesFrom32BytesUnderCr3() {
        long[] entries = {0x5001, 0, 0xFFFF_FFFF_FFFF_FFFEL, 0x3F_FFFF_F019L};
        for (int i = 0; i < 4; i++) {
            tables.set(CR3, i, entries[i]);
        }
        tables.set(CR3, 4, -1);
        long[] into = {7, 7, 7, 7};
        assertTrue(tables.walker.loadPdptes(0xFF_0000_0000L | CR3 | 0x18, into, tables.walk));
        assertArrayEquals(entries, into);
        assertEquals(4, tables.walk.guestReferences());
        assertEquals(WalkOutcome.TRANSLATED, tables.walk.outcome());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 6, 7, 8, 46, 51, 52, 62, 63})
    void aReservedBitInAPresentEntryLoadsNothing(int bit) {
        tables.set(CR3, 2, 0x5001 | 1L << bit);
        long[] into = {7, 7, 7, 7};
        assertFalse(tables.walker.loadPdptes(CR3, into, tables.walk));
        assertEquals(WalkOutcome.RESERVED_PDPTE, tables.walk.outcome());
        assertEquals(StopCause.RESERVED_BIT, tables.walk.stopCause());
        assertEquals(3, tables.walk.stopLevel());
        assertArrayEquals(new long[] {7, 7, 7, 7}, into);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 9, 10, 11, 12, 45})
    void otherBitsMayBeSet(int bit) {
        tables.set(CR3, 2, 0x5001 | 1L << bit);
        assertTrue(tables.walker.loadPdptes(CR3, new long[4], tables.walk));
    }

    @Test
    void memoryIsNotAskedForTheRegistersAgain() {
        tables.pdptes[3] = 0;
        assertTrue(tables.read(GVA));
        enter();
        tables.caches.clear();
        assertFalse(tables.read(GVA));
    }
}
