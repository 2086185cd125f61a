package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hvsim.tlb.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine's memory at its borders, and what remembers where its tables are once it is replaced. */
class PhysicalMemoryTest {
    private static final long BYTES = 1L << 24;

    private final PhysicalMemory memory = new PhysicalMemory(BYTES);
    private final RecentTables recent = new RecentTables(memory);

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, (1L << PhysicalMemory.ADDRESS_BITS) + 1})
    void noMachineHasThatManyBytes(long bytes) {
        assertThrows(IllegalArgumentException.class, () -> new PhysicalMemory(bytes));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1L << PhysicalMemory.ADDRESS_BITS})
    void aMachineMayHaveThatManyBytes(long bytes) {
        assertEquals(bytes, new PhysicalMemory(bytes).sizeBytes());
    }

    @Test
    void behindItsEndNothingIsReadAndNothingCanBeWritten() {
        memory.write(BYTES - 8, 5);
        assertEquals(5, memory.read(BYTES - 8));
        assertEquals(0, memory.read(BYTES));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.write(BYTES, 5));
    }

    @Test
    void everyWriteMakesAnotherVersion() {
        long before = memory.version();
        memory.write(0, 0);
        assertNotEquals(before, memory.version());
    }

    @Test
    void aTableIsFoundOnceItHasContent() {
        assertEquals(0, recent.read(1, 0, 0));
        memory.write(0, 5);
        assertEquals(5, recent.read(1, 0, 0));
        assertEquals(5, new RecentTables(memory).read(1, 0, 0));
    }

    @Test
    void aTableIsLookedForAnewOnceTheMemoryIsReplaced() {
        memory.write(0x1000, 5);
        assertEquals(5, recent.read(1, 0x1000, 0));
        replace();
        recent.forget();
        assertEquals(7, recent.read(1, 0x1000, 0));
        assertEquals(6, memory.read(0));
    }

    @Test
    void soAreTablesOfAGuest() {
        memory.write(0x1000, 5);
        GuestTables tables = new GuestTables(memory);
        assertEquals(5, tables.read(1, 0x1000, 0));
        replace();
        tables.forget();
        assertEquals(7, tables.read(1, 0x1000, 0));
    }

    /** With one where the frames with content are others. */
    private void replace() {
        PhysicalMemory other = new PhysicalMemory(BYTES);
        other.write(0, 6);
        other.write(0x1000, 7);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        other.transfer(Snapshot.savingTo(new DataOutputStream(bytes)));
        memory.transfer(Snapshot.loadingFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))));
    }

    @Test
    void anEntryOf4BytesReplacesItsHalfAlone() {
        GuestTables tables = new GuestTables(memory);
        tables.enter(true);
        memory.write(0x1000, -1);
        tables.write(0x1004, 0x1234_5678L);
        assertEquals(0x1234_5678_FFFF_FFFFL, memory.read(0x1000));
        tables.write(0x1000, 0x9ABC_DEF0L);
        assertEquals(0x1234_5678_9ABC_DEF0L, memory.read(0x1000));
    }
}
