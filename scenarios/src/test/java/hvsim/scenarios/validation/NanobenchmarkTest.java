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
 * What Adams and Agesen measured of two VMMs, and the model foretells. Where a change of the page is meant,
 * {@code -Dhvsim.golden.update=true} writes the new one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NanobenchmarkTest {
    private static final Path PAGE = Path.of("..", "docs", "validation.md");

    private NanobenchmarkTables tables = new NanobenchmarkTables(List.of());

    @BeforeAll
    void measure() throws Exception {
        tables = new NanobenchmarkTables(Nanobenchmark.all());
    }

    @Test
    void whatIsFasterIsWhatWasFaster() {
        for (PublishedRatio ratio : tables.all()) {
            assertTrue(ratio.agreesInDirection(), ratio::toString);
        }
    }

    @Test
    void ratiosThatAreNotOfTablesAreWithinAFactorOfOneAndAHalfButPortsInHardware() {
        for (PublishedRatio ratio : tables.all()) {
            boolean isPort = ratio.benchmark().firstRow() == 40 && ratio.of() == Nanobenchmark.Way.HARDWARE;
            assertTrue(ratio.isWithinBounds() || isPort || ratio.benchmark().writesTables(), ratio::toString);
        }
    }

    @Test
    void mostRatiosThatAreNotOfTablesAreWithinAQuarter() {
        List<PublishedRatio> others = tables.all().stream()
                .filter(ratio -> !ratio.benchmark().writesTables())
                .toList();
        long close = others.stream().filter(PublishedRatio::isClose).count();
        assertTrue(3 * close >= 2L * others.size(), close + " of " + others.size());
    }

    @Test
    void thePageIsTheModelsOwn() throws IOException {
        String page = Files.readString(PAGE);
        String expected = tables.into(page);
        if (Boolean.getBoolean("hvsim.golden.update")) {
            Files.writeString(PAGE, expected);
        }
        assertEquals(expected, Files.readString(PAGE));
    }
}
