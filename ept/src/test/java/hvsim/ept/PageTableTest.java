package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.tlb.PageSize;
import org.junit.jupiter.api.Test;

/** Tables as software makes and reads them, of one address space and of two. */
class PageTableTest {
    private static final long ADDRESS = 0x1234_5678_9ABCL;
    private static final long ROOT = 0x1_0000;

    private final PhysicalMemory memory = new PhysicalMemory(1L << 40);

    /** Links what is missing, lowest last, in tables next to each other from {@code next}. */
    private static void link(PageTable tables, PageSize size, long next) {
        for (int level = tables.missingTable(ADDRESS, size); level != 0; level = tables.missingTable(ADDRESS, size)) {
            tables.link(ADDRESS, level, next, true);
            next += 0x1000;
        }
    }

    @Test
    void tablesAreMissingFromTheTopDownToThatOfThePage() {
        PageTable tables = PageTable.ofMachine(memory, ROOT);
        assertEquals(3, tables.missingTable(ADDRESS, PageSize.SIZE_2M));
        assertEquals(PageTable.UNMAPPED, tables.tableAddress(ADDRESS, 2));
        assertEquals(PageTable.UNMAPPED, tables.entryHpa(ADDRESS, 2));
        assertEquals(0, tables.entry(ADDRESS, 2));
        link(tables, PageSize.SIZE_2M, 0x2_0000);
        assertEquals(0, tables.missingTable(ADDRESS, PageSize.SIZE_2M));
        assertEquals(1, tables.missingTable(ADDRESS, PageSize.SIZE_4K));
        assertEquals(0x2_1000, tables.tableAddress(ADDRESS, 2));
        assertEquals(ROOT, tables.root());
    }

    @Test
    void linksOfAGuestHaveTheAccessedFlagAndThoseOfTheSecondStageHaveNone() {
        PageTable guest = PageTable.ofMachine(memory, ROOT, 5);
        guest.link(ADDRESS, 4, 0x2_0000, true);
        assertEquals(0x2_0027, guest.entry(ADDRESS, 5));
        PageTable secondStage = PageTable.ofSecondStage(memory, 0x8_0000);
        secondStage.link(ADDRESS, 3, 0x9_0000, true);
        assertEquals(0x9_0007, secondStage.entry(ADDRESS, 4));
    }

    @Test
    void anAddressIsThatOfItsPageAndTheOffset() {
        PageTable tables = PageTable.ofMachine(memory, ROOT);
        assertEquals(PageTable.UNMAPPED, tables.translate(ADDRESS));
        link(tables, PageSize.SIZE_2M, 0x2_0000);
        tables.setLeaf(ADDRESS, PageSize.SIZE_2M, GuestEntry.leaf(0x4000_0000, PageSize.SIZE_2M, 0));
        assertEquals(0x4000_0000 | ADDRESS & 0x1F_FFFF, tables.translate(ADDRESS));
        assertEquals(PageTable.UNMAPPED, tables.tableAddress(ADDRESS, 1));
    }

    @Test
    void whatNoRightLetsBeUsedIsNotMappedInTheSecondStage() {
        PageTable tables = PageTable.ofSecondStage(memory, ROOT);
        link(tables, PageSize.SIZE_4K, 0x2_0000);
        tables.setLeaf(ADDRESS, PageSize.SIZE_4K, EptEntry.leaf(0x5000, PageSize.SIZE_4K, 0));
        assertEquals(PageTable.UNMAPPED, tables.translate(ADDRESS));
        tables.setLeaf(ADDRESS, PageSize.SIZE_4K, EptEntry.leaf(0x5000, PageSize.SIZE_4K, EptEntry.EXECUTE));
        assertEquals(0x5ABC, tables.translate(ADDRESS));
    }

    @Test
    void tablesOfAGuestAreWhereTheSecondStagePutsThem() {
        PageTable secondStage = PageTable.ofSecondStage(memory, ROOT);
        PageTable guest = PageTable.ofGuest(memory, ADDRESS & -0x1000, secondStage);
        assertEquals(PageTable.UNMAPPED, guest.entryHpa(ADDRESS, 4));
        link(secondStage, PageSize.SIZE_4K, 0x2_0000);
        secondStage.setLeaf(ADDRESS, PageSize.SIZE_4K, EptEntry.leaf(0x7000, PageSize.SIZE_4K, EptEntry.RIGHTS));
        assertEquals(0x7000 + 8 * (ADDRESS >>> 39), guest.entryHpa(ADDRESS, 4));
        assertEquals(4, guest.levels());
    }
}
