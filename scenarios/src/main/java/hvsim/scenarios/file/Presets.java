package hvsim.scenarios.file;

import hvsim.scenarios.file.Node.Entry;
import hvsim.scenarios.file.Node.MapNode;
import hvsim.scenarios.file.Node.ScalarNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lays a scenario over the values of its machine preset and of the hypervisor. */
final class Presets {
    private static final String SOURCES = "sources";

    private final SourceFiles files;
    private final Faults faults;
    private final Map<Place, Map<String, String>> sources = new LinkedHashMap<>();
    private Set<String> tlbs = Set.of();

    Presets(SourceFiles files, Faults faults) {
        this.files = files;
        this.faults = faults;
    }

    /** The sources of each value by path, by the file that gives it. */
    Map<Place, Map<String, String>> sources() {
        return sources;
    }

    /** The TLBs that the machine preset of the last tree has. */
    Set<String> tlbs() {
        return tlbs;
    }

    MapNode under(MapNode scenario) {
        MapNode withMachine = machine(scenario);
        Place place = new PresetPlace("hypervisors", "default");
        return files.read(place, scenario.origin(), faults)
                .map(preset -> under(withMachine, "hypervisor", preset))
                .orElse(withMachine);
    }

    private MapNode machine(MapNode scenario) {
        Node named = scenario.group("machine")
                .flatMap(machine -> machine.get(PresetChain.KEY))
                .orElse(new ScalarNode(scenario.origin(), MachineReader.DEFAULT_PRESET, true));
        if (!(named instanceof ScalarNode name)) {
            return scenario; // reported when the key is read
        }
        List<MapNode> chain = new PresetChain(files, faults).read(name);
        Optional<MapNode> preset =
                chain.stream().map(tree -> values("machine", tree)).reduce((over, below) -> Trees.merge(below, over));
        tlbs = preset.map(Presets::tlbsOf).orElse(Set.of());
        return preset.map(tree -> below(scenario, "machine", tree)).orElse(scenario);
    }

    private MapNode under(MapNode scenario, String group, MapNode preset) {
        return below(scenario, group, values(group, preset));
    }

    /** The preset without its sources, which are kept apart. */
    private MapNode values(String group, MapNode preset) {
        Map<String, Entry> values = new LinkedHashMap<>(preset.entries());
        Entry written = values.remove(SOURCES);
        sources.computeIfAbsent(
                preset.origin().place(), unused -> written == null ? Map.of() : sourcesOf(group, written.value()));
        return new MapNode(preset.origin(), values);
    }

    private static MapNode below(MapNode scenario, String group, MapNode values) {
        Origin at = values.origin();
        return Trees.merge(new MapNode(at, Map.of(group, new Entry(at, values))), scenario);
    }

    private Map<String, String> sourcesOf(String group, Node written) {
        Map<String, String> all = new LinkedHashMap<>();
        if (written instanceof MapNode map) {
            map.entries()
                    .forEach((path, entry) -> all.put(group + "." + path, String.valueOf(Trees.plain(entry.value()))));
        } else {
            faults.add(
                    written.origin(),
                    SOURCES,
                    "is " + written.kind() + ", not a group of keys",
                    "path: source, one for each value");
        }
        return all;
    }

    private static Set<String> tlbsOf(MapNode preset) {
        return preset.group("tlb").map(tlb -> tlb.entries().keySet()).orElse(Set.of());
    }
}
