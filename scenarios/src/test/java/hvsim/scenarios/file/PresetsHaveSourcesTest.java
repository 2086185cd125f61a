package hvsim.scenarios.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.scenarios.file.Node.MapNode;
import java.io.IOException;
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
        sources.values()
                .forEach(source ->
                        assertTrue(source.toString().matches("(assumed|[AB][0-9]{3} ).*"), source.toString()));
    }

    private static void collect(String path, Node value, Set<String> values) {
        if (value instanceof MapNode map) {
            map.entries().forEach((key, entry) -> collect(path + "." + key, entry.value(), values));
        } else {
            values.add(path);
        }
    }
}
