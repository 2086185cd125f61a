package hvsim.scenarios.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What comes out of reading one tree, besides the records: faults, notes, and where each value came from. */
final class Binding {
    private final Place scenario;
    private final Faults faults;
    private final Map<Place, Map<String, String>> presets;
    private final List<String> notes = new ArrayList<>();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Set<String> written = new HashSet<>();
    private final Map<String, Object> overlays = new HashMap<>();

    /**
     * @param scenario the file that was asked for
     * @param presets the files that only fill in defaults, each with the sources of its values by path
     */
    Binding(Place scenario, Faults faults, Map<Place, Map<String, String>> presets) {
        this.scenario = scenario;
        this.faults = faults;
        this.presets = new HashMap<>(presets);
    }

    Faults faults() {
        return faults;
    }

    /** How the scenario itself would write the path of a trace, also if a file that it extends names it. */
    String pathFromScenario(TraceFile trace) {
        if (!(trace.place() instanceof DiskPlace disk)) {
            return trace.shown();
        }
        if (Path.of(trace.path()).isAbsolute()) {
            return trace.path();
        }
        return disk.seenFrom(scenario instanceof DiskPlace file ? file : InputPlace.inWorkingFolder());
    }

    boolean isPreset(Origin origin) {
        return presets.containsKey(origin.place());
    }

    void note(Origin at, String text) {
        notes.add(at.shown() + ": " + text);
    }

    List<String> notes() {
        return notes;
    }

    void isDefault(String path) {
        sources.put(path, "default");
    }

    void from(String path, Origin at) {
        String source = presets.getOrDefault(at.place(), Map.of()).getOrDefault(path, "");
        String where = isPreset(at) ? at.place().shown() : at.shown();
        if (!isPreset(at)) {
            written.add(path);
        }
        sources.put(path, source.isEmpty() ? where : where + ": " + source);
    }

    /** Where each value came from, by path, in the order of the keys. */
    Map<String, String> sources() {
        return sources;
    }

    /** A group that is laid over another one, as written. */
    void overlay(String path, Object asWritten) {
        overlays.put(path, asWritten);
    }

    /** Of a whole tree of plain values, those that the user wrote, and defaults that no run's changes can touch. */
    Map<String, Object> written(Map<String, Object> plain, Set<String> changed) {
        Map<String, Object> all = written("", plain, new SafeDefaults(changed));
        all.put("title", plain.get("title"));
        all.put("compare", plain.get("compare"));
        return all;
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> written(String path, Map<String, Object> plain, SafeDefaults safe) {
        Map<String, Object> kept = new LinkedHashMap<>();
        plain.forEach((key, value) -> {
            String inner = path.isEmpty() ? key : path + "." + key;
            if (overlays.containsKey(inner)) {
                kept.put(key, overlays.get(inner));
            } else if (value instanceof Map) {
                kept.put(key, written(inner, (Map<String, Object>) value, safe));
            } else if (value == null || written.contains(inner) || safe.holds(inner)) {
                kept.put(key, value);
            }
        });
        return kept;
    }
}
