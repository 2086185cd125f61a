package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.tlb.AccessKind;
import hvsim.tlb.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import org.junit.jupiter.api.Test;

/** A second stage read back goes on as the written one: its pointer, mode, log and sub-page tables. */
class SecondStageSnapshotTest {
    private static final long GPA = 0x123_4567_8000L;

    private static void transfer(EptTables from, EptTables to) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Snapshot saving = Snapshot.savingTo(new DataOutputStream(bytes));
        from.memory.transfer(saving);
        from.stage.transfer(saving);
        Snapshot loading = Snapshot.loadingFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        to.memory.transfer(loading);
        to.stage.transfer(loading);
    }

    @Test
    void goesOnAsTheWrittenOne() {
        EptTables saved = new EptTables(5).map(GPA, 1);
        saved.enter(true, true);
        saved.clear(GPA, 1, EptEntry.USER_EXECUTE | EptEntry.WRITE);
        saved.set(GPA, 1, EptEntry.SUB_PAGE);
        saved.stage.log().enter(true, 1L << 30, 37);
        saved.stage.subPages().enter(true, 1L << 31);
        saved.data(GPA, Access.USER_READ);
        saved.memory.write(0, 1); // so that tables lie elsewhere once they are loaded
        EptTables loaded = new EptTables(5).map(GPA ^ 1L << 30, 1);
        loaded.data(GPA ^ 1L << 30, Access.USER_READ);
        loaded.stage.enter(EptPointer.pack(EptTables.ROOT + 0x1000, 4, false), false, 2);
        transfer(saved, loaded);
        for (EptTables t : new EptTables[] {saved, loaded}) {
            t.data(GPA, new Access(AccessKind.FETCH, true, false));
            assertEquals(4 | 0b0101 << 3 | EptTables.TRANSLATION, t.walk.qualification());
            t.data(GPA, Access.USER_WRITE);
            assertEquals(WalkOutcome.SPP_MISS, t.walk.outcome());
            t.set(GPA, 1, EptEntry.WRITE);
            t.data(GPA, Access.USER_WRITE);
            assertEquals(GPA, t.memory.read((1L << 30) + 8 * 37));
            assertEquals(36, t.stage.log().index());
        }
        assertEquals(saved.stage.references(), loaded.stage.references());
    }
}
