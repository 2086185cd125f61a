package hvsim.scenarios.knees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.scenarios.file.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What somebody would find who measured the presets as their processors were measured. Where a change of the page or the
 * picture is meant, {@code -Dhvsim.golden.update=true} writes the new ones.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KneesTest {
    private static final Path PAGE = Path.of("..", "docs", "machines.md");
    private static final Path PICTURE = Path.of("..", "docs", "knees.svg");

    private final Map<Published, ChaseCurve> curves = new LinkedHashMap<>();

    @BeforeAll
    void chase() throws Exception {
        for (Published published : Published.ALL) {
            curves.put(published, ChaseCurve.of(published.preset()));
        }
    }

    @Test
    void everyPresetIsMeasured() {
        TreeSet<String> measured = new TreeSet<>();
        curves.keySet().forEach(published -> measured.add(published.preset()));
        assertEquals(new TreeSet<>(Library.machines()), measured);
    }

    @Test
    void theFirstKneeIsAtTheEntriesOfTheFirstLevel() {
        curves.forEach(
                (published, curve) -> checkKnee(published.preset(), curve, curve.knee(0), published.firstEntries()));
    }

    @Test
    void theSecondKneeIsAtTheEntriesOfTheSecondLevel() {
        curves.forEach((published, curve) -> published
                .secondEntries()
                .ifPresent(entries -> checkKnee(published.preset(), curve, curve.knee(curve.at(entries)), entries)));
    }

    private static void checkKnee(String preset, ChaseCurve curve, int knee, int entries) {
        assertTrue(
                knee <= entries && entries < curve.after(knee),
                preset + ": a knee at " + knee + ", the next tried was " + curve.after(knee) + ", not at " + entries);
    }

    @Test
    void aHitOfTheSecondLevelCostsWhatWasPublished() {
        curves.forEach((published, curve) -> published
                .hitCycles()
                .ifPresent(cycles -> assertEquals(
                        cycles, curve.at(published.secondEntries().orElseThrow()), 0.005, published.preset())));
    }

    @Test
    void aWalkCostsWhatWasPublished() {
        curves.forEach((published, curve) -> published
                .walkCycles()
                .ifPresent(cycles -> assertEquals(cycles, curve.at(ChaseCurve.MOST_PAGES), 0.5, published.preset())));
    }

    @Test
    void moreMemoryIsNeverFaster() {
        curves.forEach((published, curve) -> {
            double below = 0;
            for (double cost : curve.cost().values()) {
                assertTrue(cost >= below - 0.005, published.preset());
                below = cost;
            }
        });
    }

    @Test
    void thePictureIsTheModelsOwn() throws IOException {
        check(PICTURE, KneesPicture.of(curves));
    }

    @Test
    void theTableIsTheModelsOwn() throws IOException {
        String page = Files.readString(PAGE);
        check(PAGE, KneesTable.of(curves).into(page));
    }

    private static void check(Path file, String expected) throws IOException {
        if (Boolean.getBoolean("hvsim.golden.update")) {
            Files.writeString(file, expected);
        }
        assertEquals(expected, Files.readString(file));
    }
}
