package hvsim.tlb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TlbTagTest {
    private final TlbTag tags = new TlbTag();

    @Test
    void aTableIsFullWhenTheSpacesAskedForDoNotFit() {
        for (int i = 0; i < TlbTag.CAPACITY - 3; i++) {
            tags.of(i & 0xFFFF, i >>> 16, 0x1000);
        }
        assertFalse(tags.isFull(3));
        assertTrue(tags.isFull(4));
        for (int i = 0; i < 3; i++) {
            tags.of(i, 7, 0x2000);
        }
        assertTrue(tags.isFull(1));
        assertEquals(0, tags.of(0, 0, 0x1000));
        assertThrows(IllegalStateException.class, () -> tags.of(1, 8, 0x2000));
    }

    @Test
    void aClearedTableNumbersFromTheStart() {
        tags.of(1, 1, 0x1000);
        int second = tags.of(2, 1, 0x1000);
        tags.clear();
        assertEquals(0, tags.count());
        assertEquals(0, tags.of(2, 1, 0x1000));
        assertEquals(second, tags.of(1, 1, 0x1000));
    }
}
