package hvsim.scenarios.file;

import hvsim.scenarios.file.Node.Entry;
import hvsim.scenarios.file.Node.MapNode;
import hvsim.scenarios.file.Node.ScalarNode;
import java.util.Map;

/** The machines of the library, as scenarios see them. */
public final class Machines {
    private Machines() {}

    /** @throws IllegalArgumentException if there is none of that name */
    public static MachineConfig preset(String name) {
        return read(name).machine();
    }

    /**
     * All values, each with a comment that says where it came from; lines end in \n.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static String effective(String name) {
        Read read = read(name);
        return EffectiveText.of(
                "machine", read.keys().plain(), read.keys().binding().sources());
    }

    private record Read(Section keys, MachineConfig machine) {}

    private static Read read(String name) {
        Place place = new PresetPlace("machines", name);
        Origin at = Origin.in(place, 1, 1);
        Faults faults = new Faults(name);
        Presets presets = new Presets(new SourceFiles(), faults);
        MapNode machine = new MapNode(at, Map.of("preset", new Entry(at, new ScalarNode(at, name, true))));
        MapNode tree = presets.under(new MapNode(at, Map.of("machine", new Entry(at, machine))));
        Section keys =
                Section.top(new Binding(place, faults, presets.sources()), tree).section("machine");
        MachineConfig config = MachineReader.read(keys, presets.tlbs());
        try {
            faults.throwIfAny();
        } catch (ScenarioException e) {
            throw new IllegalArgumentException(String.join("\n", e.lines()), e);
        }
        return new Read(keys, config);
    }
}
