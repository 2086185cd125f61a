package hvsim.scenarios.file;

import hvsim.scenarios.file.Node.Entry;
import hvsim.scenarios.file.Node.MapNode;
import hvsim.scenarios.file.Node.ScalarNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A machine preset, the preset that it names with its own {@code preset}, and so on; the nearest first. */
final class PresetChain {
    static final String KEY = "preset";

    private static final String MACHINES = "machines";
    private static final int LONGEST = 20;

    private final SourceFiles files;
    private final Faults faults;
    private final List<Place> places = new ArrayList<>();
    private final List<MapNode> trees = new ArrayList<>();

    PresetChain(SourceFiles files, Faults faults) {
        this.files = files;
        this.faults = faults;
    }

    /** What could be read, without the keys {@code preset}. */
    List<MapNode> read(ScalarNode named) {
        Optional<ScalarNode> name = Optional.of(named);
        while (name.isPresent()) {
            name = files.read(placeOf(name.get()), name.get().origin(), faults).flatMap(this::add);
        }
        return trees;
    }

    /** Takes one in; the name of the next, if it has one. */
    private Optional<ScalarNode> add(MapNode tree) {
        Map<String, Entry> own = new LinkedHashMap<>(tree.entries());
        Entry next = own.remove(KEY);
        trees.add(new MapNode(tree.origin(), own));
        if (next == null) {
            return Optional.empty();
        }
        if (next.value() instanceof ScalarNode name && !name.isNull()) {
            return Optional.of(name);
        }
        faults.add(next.value().origin(), KEY, "is " + next.value().kind(), "a machine of the library or a YAML file");
        return Optional.of(new ScalarNode(next.value().origin(), MachineReader.DEFAULT_PRESET, true));
    }

    /** The file that is meant; after reporting that there is none, the default preset, so that reading goes on. */
    private Place placeOf(ScalarNode name) {
        try {
            Place place = named(name);
            boolean isCircle = places.contains(place);
            places.add(place);
            if (isCircle) {
                throw new BadValueException("presets go in a circle: " + names(), "");
            }
            if (places.size() > LONGEST) {
                throw new BadValueException("more than " + LONGEST + " presets, one over another", "");
            }
            return place;
        } catch (BadValueException e) {
            faults.add(name.origin(), "machine.preset", e.what(), e.rule());
        }
        return new PresetPlace(MACHINES, MachineReader.DEFAULT_PRESET);
    }

    private static Place named(ScalarNode name) throws BadValueException {
        String text = name.text();
        boolean isPath = text.indexOf('/') >= 0 || text.indexOf('.') >= 0;
        Place place = isPath ? name.origin().place().sibling(text) : new PresetPlace(MACHINES, text);
        if (!place.problem().isEmpty()) {
            throw new BadValueException(
                    Text.quoted(text) + ": " + place.problem(),
                    "choices: " + String.join(", ", Library.machines()) + ", or a YAML file");
        }
        return place;
    }

    private String names() {
        return places.stream().map(Place::fileName).collect(Collectors.joining(" -> "));
    }
}
