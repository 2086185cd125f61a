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
    void allRatiosButThoseThatThePageExplainsAreWithinAFactorOfOneAndAHalf() {
        List<String> misses = tables.all().stream()
                .filter(ratio -> !ratio.isWithinBounds())
                .map(ratio -> ratio.benchmark().row(ratio.of()) + " / "
                        + ratio.benchmark().row(ratio.to()))
                .toList();
        assertEquals(
                List.of("A042 / A040", "A042 / A041", "A056 / A055", "A057 / A055", "A063 / A061", "A063 / A062"),
                misses);
    }

    @Test
    void mostRatiosAreWithinAQuarter() {
        long close = tables.all().stream().filter(PublishedRatio::isClose).count();
        assertTrue(
                2 * close > tables.all().size(), close + " of " + tables.all().size());
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
