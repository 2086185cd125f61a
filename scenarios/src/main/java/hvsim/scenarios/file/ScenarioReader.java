package hvsim.scenarios.file;

import hvsim.scenarios.file.Node.MapNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a whole tree as a scenario. */
final class ScenarioReader {
    private final Place place;
    private final Presets presets;
    private final Faults faults;
    private final Set<String> doubtful = new HashSet<>();

    ScenarioReader(Place place, SourceFiles files, Faults faults) {
        this.place = place;
        this.presets = new Presets(files, faults);
        this.faults = faults;
    }

    /** Groups of keys in which something was wrong, in any tree that was read: names in them may not all be known. */
    Set<String> doubtful() {
        return doubtful;
    }

    Configured read(MapNode tree) {
        int known = faults.added();
        MapNode full = presets.under(tree);
        if (faults.added() > known) {
            doubtful.add("machine");
        }
        Binding binding = new Binding(place, faults, presets.sources());
        Section top = Section.top(binding, full);
        Scenario scenario = scenario(top);
        top.close();
        doubtful.addAll(top.misspelt());
        Map<String, Object> config =
                scenario.compare().isEmpty() ? top.plain() : binding.written(top.plain(), changed(scenario));
        return new Configured(scenario, config, top.plain(), binding.sources(), binding.notes());
    }

    private static Set<String> changed(Scenario scenario) {
        return scenario.compare().values().stream()
                .flatMap(run -> run.keySet().stream())
                .collect(Collectors.toSet());
    }

    private Scenario scenario(Section top) {
        String name = nameOf(place.fileName());
        top.wasReadBefore("extends");
        String title = top.value("title", name, Kind.TEXT);
        String about = top.value("about", "", Kind.TEXT);
        Section machineKeys = group(top, "machine");
        MachineConfig machine = MachineReader.read(machineKeys, presets.tlbs());
        Section hypervisorKeys = top.section("hypervisor");
        HypervisorConfig hypervisor = HypervisorReader.read(hypervisorKeys, machineKeys, machine);
        Section vmsKeys = group(top, "vms");
        Section workloadKeys = top.section("workload");
        WorkloadConfig workload = WorkloadReader.read(workloadKeys, machine);
        VmsReader vmsReader = new VmsReader(vmsKeys, workloadKeys, workload, top.group("workload"));
        Map<String, VmConfig> vms = vmsReader.read(machine, hypervisor);
        WidthRules.check(hypervisorKeys, vmsKeys, machine, hypervisor, vms);
        RunConfig run = RunReader.read(top.section("run"), vms.values());
        Map<String, Map<String, Object>> compare = compare(top);
        Scenario scenario = new Scenario(
                name, title, about, machine, hypervisor, vms, workload, run, compare, ExpectReader.read(top));
        if (!machineKeys.isSound()) {
            doubtful.add("machine");
        }
        if (!vmsKeys.isSound()) {
            doubtful.add("vms");
        }
        if (top.isSound()) {
            RunReader.checkTotals(vmsKeys, scenario);
            Effects.note(top, scenario);
            if (compare.isEmpty()) {
                PhasesReader.showTakenAway(workloadKeys);
            }
            vmsReader.showTakenAway();
        }
        return scenario;
    }

    /** A group of keys; what is no group at all leaves its names unknown. */
    private Section group(Section top, String name) {
        int known = faults.added();
        Section keys = top.section(name);
        if (faults.added() > known) {
            doubtful.add(name);
        }
        return keys;
    }

    static String nameOf(String file) {
        int dot = file.indexOf('.', 1);
        return dot < 0 ? file : file.substring(0, dot);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, Object>> compare(Section top) {
        Map<String, Map<String, Object>> runs = new LinkedHashMap<>();
        top.section("compare");
        top.group("compare").entries().forEach((run, entry) -> {
            if (entry.value() instanceof MapNode changes) {
                runs.put(run, (Map<String, Object>) Trees.plain(changes));
            }
        });
        top.show("compare", runs);
        return runs;
    }
}
