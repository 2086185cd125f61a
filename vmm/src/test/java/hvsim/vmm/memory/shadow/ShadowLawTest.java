package hvsim.vmm.memory.shadow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.ept.TableLayout;
import hvsim.tlb.AccessKind;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.tlb.Translation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each shadow entry maps and allows, and what each access comes to, against what the guest's tables say. */
class ShadowLawTest {
    @ParameterizedTest
    @CsvSource({
        "FOUR_LEVEL, SIZE_4K, true, 16, 256",
        "FOUR_LEVEL, SIZE_4K, false, 16, 256",
        "FOUR_LEVEL, SIZE_2M, true, 1, 128",
        "FOUR_LEVEL, SIZE_2M, false, 2, 128",
        "FIVE_LEVEL, SIZE_4K, true, 16, 256",
        "FIVE_LEVEL, SIZE_2M, false, 2, 160",
        "PAE, SIZE_4K, true, 16, 256",
        "PAE, SIZE_2M, false, 1, 128",
        "TWO_LEVEL, SIZE_4K, true, 16, 256",
        "TWO_LEVEL, SIZE_4K, false, 2, 256",
        "TWO_LEVEL, SIZE_2M, true, 1, 128"
    })
    void shadowTablesSayWhatTheGuestsTablesSay(
            TableLayout layout, PageSize hostPage, boolean outOfSync, int kept, int tables) {
        for (int seed = 0; seed < 10; seed++) {
            ShadowedGuest guest = new ShadowedGuest(layout, new ShadowSpec(kept, outOfSync, tables * 4096L), hostPage);
            Random random = new Random(seed);
            for (int step = 0; step < 1500; step++) {
                guest.step(random);
                if (step % 10 == 0) {
                    guest.check();
                }
            }
            assertTrue(guest.shadow.work().hiddenFaults() > 100);
            assertTrue(guest.shadow.work().trueFaults() > 50);
            assertTrue(guest.shadow.work().emulatedWrites() > 20);
            assertTrue(guest.writtenInLine > 0);
            assertEquals(outOfSync, guest.shadow.work().outOfSync() > 0);
            assertEquals("", guest.shadow.audit());
        }
    }

    @Test
    void aSyncedTranslationIsTheCompositionOfTablesAndMap() {
        ShadowedGuest guest = new ShadowedGuest(new ShadowSpec(4, true, 256 * 4096L), PageSize.SIZE_4K);
        PageTable table = map(guest, 0x40000000L, 0x345000);
        guest.access(0, 0x40000000L, AccessKind.WRITE, true, 8);
        assertEquals(guest.map.table().translate(0x345000), Translation.hpa(guest.walk.translation(), 0x40000000L));
        assertTrue((table.entry(0x40000000L, 1) & GuestEntry.DIRTY) != 0, "the guest sees its page dirty");
    }

    @Test
    void aPageThatAnEmulatedWriteMakesPresentIsThereAtOnce() {
        ShadowedGuest guest = new ShadowedGuest(new ShadowSpec(4, false, 256 * 4096L), PageSize.SIZE_4K);
        PageTable table = map(guest, 0x40000000L, 0x345000);
        guest.access(0, 0x40000000L, AccessKind.WRITE, true, 8);
        long used = table.entry(0x40000000L, 1);
        guest.edit(table.entryAddress(0x40001000L, 1), used);
        guest.access(0, guest.direct + table.entryAddress(0x40001000L, 1), AccessKind.WRITE, false, 8);
        long faults = guest.shadow.work().hiddenFaults();
        guest.access(0, 0x40001000L, AccessKind.WRITE, true, 8);
        assertEquals(faults, guest.shadow.work().hiddenFaults());
    }

    @Test
    void aFirstWriteToATableMapsItForReading() {
        ShadowedGuest guest = new ShadowedGuest(new ShadowSpec(4, false, 256 * 4096L), PageSize.SIZE_4K);
        PageTable table = map(guest, 0x40000000L, 0x345000);
        guest.access(0, 0x40000000L, AccessKind.READ, true, 8);
        long entry = guest.direct + table.entryAddress(0x40000000L, 1);
        guest.access(0, entry, AccessKind.WRITE, false, 8);
        long faults = guest.shadow.work().hiddenFaults();
        guest.access(0, entry, AccessKind.READ, false, 8);
        assertEquals(faults, guest.shadow.work().hiddenFaults());
        guest.access(0, entry, AccessKind.WRITE, false, 8);
        assertEquals(2, guest.shadow.work().emulatedWrites());
    }

    private static PageTable map(ShadowedGuest guest, long gva, long gpa) {
        PageTable table = guest.map.guestTable(guest.roots[0]);
        for (int level = 4; level > 1; level--) {
            guest.edit(table.entryAddress(gva, level), GuestEntry.table(guest.takeTable(), false));
        }
        guest.edit(
                table.entryAddress(gva, 1), GuestEntry.leaf(gpa, PageSize.SIZE_4K, GuestEntry.WRITE | GuestEntry.USER));
        return table;
    }

    @Test
    void savedAndLoadedItGoesOnAsBefore() throws Exception {
        for (int seed = 0; seed < 4; seed++) {
            ShadowedGuest one = new ShadowedGuest(new ShadowSpec(2, true, 128 * 4096L), PageSize.SIZE_2M);
            Random random = new Random(seed);
            for (int step = 0; step < 400; step++) {
                one.step(random);
            }
            byte[] before = saved(one);
            one.shadow.transfer(Snapshot.loadingFrom(new DataInputStream(new ByteArrayInputStream(before))));
            assertEquals(
                    List.of(before.length, Arrays.hashCode(before)),
                    List.of(saved(one).length, Arrays.hashCode(saved(one))));
            for (int step = 0; step < 400; step++) {
                one.step(random);
                one.check();
            }
        }
    }

    private static byte[] saved(ShadowedGuest guest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        guest.shadow.transfer(Snapshot.savingTo(new DataOutputStream(out)));
        return out.toByteArray();
    }
}
