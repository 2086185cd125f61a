package hvsim.scenarios.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.scenarios.file.Node.MapNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PresetsHaveSourcesTest {
    @Test
    void everyValueOfEveryPresetHasExactlyOneSource() throws Exception {
        for (String machine : Library.machines()) {
            check(new PresetPlace("machines", machine));
        }
        check(new PresetPlace("hypervisors", "default"));
    }

    @Test
    void thereIsASkylakeAndItsTextCanBeShown() {
        assertEquals("skylake-sp", MachineReader.DEFAULT_PRESET);
        assertTrue(Library.machines().contains("skylake-sp"));
        assertTrue(Library.text("skylake-sp").orElseThrow().contains("sources:"));
        assertEquals(Optional.empty(), Library.text("../machines/skylake-sp"));
    }

    @Test
    void theGenerationsOfTwoVendorsAreThere() {
        assertEquals(
                List.of(
                        "broadwell",
                        "golden-cove",
                        "haswell",
                        "ice-lake-sp",
                        "nehalem",
                        "penryn",
                        "prescott",
                        "sandy-bridge",
                        "skylake-sp",
                        "zen-2",
                        "zen-4"),
                Library.machines());
    }

    @Test
    void aSourceIsAssumedOrARowThatExists() {
        CalibrationRows rows = new CalibrationRows();
        assertEquals("", rows.problem("assumed, as B043"));
        assertEquals("", rows.problem("B043 WikiChip Skylake (2019)"));
        assertEquals("no row B999", rows.problem("B999 nobody"));
        assertEquals("no row A999", rows.problem("assumed; A999"));
        assertEquals("neither assumed nor a row", rows.problem("see B043"));
        assertEquals("neither assumed nor a row", rows.problem("a manual"));
        assertEquals("does not say that it is recalled", rows.problem("B115 a manual"));
    }

    private static void check(Place preset) throws IOException, ScenarioException {
        Faults faults = new Faults(preset.shown());
        String text = YamlText.decode(preset.open().readAllBytes(), preset, faults);
        MapNode tree = (MapNode) YamlParser.parse(text, preset, faults).orElseThrow();
        faults.throwIfAny();
        Map<?, ?> sources =
                (Map<?, ?>) Trees.plain(tree.entries().get("sources").value());
        Set<String> values = new TreeSet<>();
        tree.entries().forEach((key, entry) -> {
            if (!key.equals("sources")) {
                collect(key, entry.value(), values);
            }
        });
        assertEquals(values, new TreeSet<>(sources.keySet()), preset.shown());
        CalibrationRows rows = new CalibrationRows();
        sources.forEach((path, source) ->
                assertEquals("", rows.problem(source.toString()), preset.shown() + ": " + path + ": " + source));
    }

    private static void collect(String path, Node value, Set<String> values) {
        if (value instanceof MapNode map) {
            map.entries().forEach((key, entry) -> collect(path + "." + key, entry.value(), values));
        } else {
            values.add(path);
        }
    }
}
