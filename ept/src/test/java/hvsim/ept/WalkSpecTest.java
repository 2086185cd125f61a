package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sizes of what shortens walks. */
class WalkSpecTest {
    private static final WalkSpec.StructureCache NONE = new WalkSpec.StructureCache(0, 0, 0);

    @ParameterizedTest
    @CsvSource({"-1, 0, 0, 0", "0, -1, 0, 0", "0, 0, -1, 0", "0, 0, 0, -1"})
    void noCacheHasFewerThan0Entries(int pml5e, int pml4e, int pdpte, int pde) {
        assertThrows(IllegalArgumentException.class, () -> new WalkSpec.StructureCache(pml5e, pml4e, pdpte, pde));
    }

    @Test
    void norHasTheNestedTlb() {
        assertThrows(IllegalArgumentException.class, () -> new WalkSpec(NONE, NONE, -1));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0, 0, true", "0, 0, 1, 1, false", "0, 2, 1, 1, false", "3, 1, 1, 1, false", "1, 0, 0, 0, false"})
    void structureCachesAreNoneIfAllSizesAre0(int pml5e, int pml4e, int pdpte, int pde, boolean none) {
        WalkSpec.StructureCache spec = new WalkSpec.StructureCache(pml5e, pml4e, pdpte, pde);
        assertEquals(none, new StructureCaches(spec).isNone());
        assertEquals(none, new WalkCaches(new WalkSpec(spec, NONE, 0)).areNone());
        assertEquals(none, new WalkCaches(new WalkSpec(NONE, spec, 0)).areNone());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void soAreAllCachesIfThereIsNoNestedTlbEither(int entries) {
        assertEquals(entries == 0, new WalkCaches(new WalkSpec(NONE, NONE, entries)).areNone());
    }
}
