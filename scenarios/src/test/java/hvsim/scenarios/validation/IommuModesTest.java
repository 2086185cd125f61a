package hvsim.scenarios.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What Malka et al. measured of five ways to use an IOMMU. Where a change of the page is meant,
 * {@code -Dhvsim.golden.update=true} writes the new one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IommuModesTest {
    private static final Path PAGE = Path.of("..", "docs", "validation.md");

    private List<IommuMode> modes = List.of();

    @BeforeAll
    void measure() {
        modes = IommuMode.all();
    }

    @Test
    void eachModeIsWithinATenth() {
        for (IommuMode mode : modes) {
            assertEquals(0, mode.error(), IommuTables.BOUND, mode.word());
        }
    }

    @Test
    void theyAreInThePublishedOrder() {
        for (IommuMode one : modes) {
            for (IommuMode other : modes) {
                assertEquals(one.published() < other.published(), one.ratio() < other.ratio());
            }
        }
    }

    /** E067 and E068: 9 cycles for each unmapping, of which a packet has two. */
    @Test
    void deferredInvalidationsTakeWhatWasMeasured() {
        for (IommuMode mode : modes.subList(3, 5)) {
            double each = mode.invalidations() / 2 * 2127;
            assertTrue(each > 8 && each < 10, each + " cycles");
        }
    }

    @Test
    void thePageIsTheModelsOwn() throws IOException {
        String page = Files.readString(PAGE);
        String expected = new IommuTables(modes).into(page);
        if (Boolean.getBoolean("hvsim.golden.update")) {
            Files.writeString(PAGE, expected);
        }
        assertEquals(expected, Files.readString(PAGE));
    }
}
