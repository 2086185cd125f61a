package hvsim.scenarios.file;

import hvsim.scenarios.file.Node.Entry;
import hvsim.scenarios.file.Node.MapNode;
import hvsim.scenarios.file.Node.ScalarNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The techniques that are put side by side where nobody says which: a run of {@code compare} each, in the order in which they came up. */
public final class Techniques {
    private static final Map<String, Map<String, String>> RUNS = runs();

    private Techniques() {}

    private static Map<String, Map<String, String>> runs() {
        Map<String, Map<String, String>> runs = new LinkedHashMap<>();
        runs.put("trap_and_emulate", technique(CpuTechnique.TRAP_AND_EMULATE, MemoryTechnique.SHADOW));
        runs.put("binary_translation", technique(CpuTechnique.BINARY_TRANSLATION, MemoryTechnique.SHADOW));
        runs.put("paravirtual", technique(CpuTechnique.PARAVIRTUAL, MemoryTechnique.DIRECT));
        runs.put("software_filled", withoutWalker(MemoryTechnique.SOFTWARE_FILLED));
        runs.put("shadow", technique(CpuTechnique.HARDWARE, MemoryTechnique.SHADOW));
        runs.put("nested", technique(CpuTechnique.HARDWARE, MemoryTechnique.NESTED));
        return runs;
    }

    /** On the same processor, but that it does not walk tables. */
    private static Map<String, String> withoutWalker(MemoryTechnique memory) {
        Map<String, String> settings = technique(CpuTechnique.TRAP_AND_EMULATE, memory);
        settings.put("machine.walk.by", WalkBy.SOFTWARE.word());
        return settings;
    }

    private static Map<String, String> technique(CpuTechnique cpu, MemoryTechnique memory) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("hypervisor.cpu", cpu.word());
        settings.put("hypervisor.memory", memory.word());
        return settings;
    }

    /** What each changes of a scenario: name of the run to path to value. */
    public static Map<String, Map<String, String>> all() {
        return RUNS;
    }

    /** Says what is wrong with a scenario; empty if nothing is. */
    interface Trial {
        String fault(MapNode tree);
    }

    /**
     * A scenario with a run for each technique that exists for it.
     *
     * @param tree without {@code expect}, which is about the scenario as it stands
     * @param notes which were left out, and why
     */
    record Comparison(MapNode tree, List<String> notes) {}

    /** @param at where faults of the runs would be reported */
    static Comparison of(MapNode tree, Origin at, Trial trial) {
        Map<String, Entry> runs = new LinkedHashMap<>();
        List<String> notes = new ArrayList<>();
        RUNS.forEach((name, settings) -> {
            MapNode changes = changes(settings, at);
            String fault = trial.fault(changed(tree, changes));
            if (fault.isEmpty()) {
                runs.put(name, new Entry(at, changes));
            } else {
                notes.add(name + " is left out: " + fault);
            }
        });
        if (tree.get("expect").isPresent()) {
            notes.add("expect is not judged: its lines are about the scenario as it stands");
        }
        Map<String, Entry> entries = new LinkedHashMap<>(tree.entries());
        entries.remove("expect");
        entries.put("compare", new Entry(at, new MapNode(at, runs)));
        return new Comparison(new MapNode(tree.origin(), entries), notes);
    }

    private static MapNode changes(Map<String, String> settings, Origin at) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        settings.forEach((path, value) -> entries.put(path, new Entry(at, new ScalarNode(at, value, true))));
        return new MapNode(at, entries);
    }

    private static MapNode changed(MapNode tree, MapNode changes) {
        MapNode changed = tree;
        Faults none = new Faults("");
        for (Map.Entry<String, Entry> change : changes.entries().entrySet()) {
            changed = new Change(
                            change.getKey(),
                            change.getValue().key(),
                            change.getValue().value())
                    .applied(changed, none);
        }
        return changed;
    }
}
