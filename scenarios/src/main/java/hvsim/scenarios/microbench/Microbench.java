package hvsim.scenarios.microbench;

import hvsim.scenarios.file.ScenarioException;
import hvsim.scenarios.file.Techniques;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Cycles of operations under each technique that exists on a machine, and natively.
 *
 * @param machine name of the preset
 * @param operations in the order that was asked for
 * @param techniques native first
 * @param cycles by operation, in the order of the techniques; not a number where it does not end
 * @param notes which techniques were left out, and why
 */
public record Microbench(
        String machine,
        List<Operation> operations,
        List<String> techniques,
        Map<Operation, List<Double>> cycles,
        List<String> notes) {
    private static final String NATIVE = "native";

    /**
     * @param settings of a scenario, as {@code --set} has them; what a technique needs wins over them
     * @throws ScenarioException if no scenario can have them
     */
    public static Microbench run(String machine, List<String> settings, List<Operation> operations)
            throws ScenarioException {
        Map<String, Bench> benches = new LinkedHashMap<>();
        List<String> notes = new ArrayList<>();
        benches.put(NATIVE, bench(machine, settings, Map.of("hypervisor.cpu", NATIVE, "hypervisor.memory", NATIVE)));
        benches.get(NATIVE).check();
        for (Map.Entry<String, Map<String, String>> technique : Techniques.all().entrySet()) {
            Bench bench = bench(machine, settings, technique.getValue());
            try {
                bench.check();
                benches.put(technique.getKey(), bench);
            } catch (ScenarioException e) {
                notes.add(technique.getKey() + " is left out: " + reason(e));
            }
        }
        Map<Operation, List<Double>> cycles = new LinkedHashMap<>();
        for (Operation operation : operations) {
            cycles.put(operation, measure(operation, benches));
        }
        return new Microbench(machine, operations, List.copyOf(benches.keySet()), cycles, notes);
    }

    private static List<Double> measure(Operation operation, Map<String, Bench> benches) throws ScenarioException {
        List<Double> all = new ArrayList<>();
        for (Bench bench : benches.values()) {
            boolean byProcess = operation == Operation.INL_FROM_QEMU;
            all.add(operation.measure(byProcess ? bench.with("hypervisor.handlers.ports=user_space") : bench));
        }
        return all;
    }

    private static Bench bench(String machine, List<String> settings, Map<String, String> technique) {
        List<String> all = new ArrayList<>(settings);
        technique.forEach((path, value) -> all.add(path + "=" + value));
        return new Bench(machine, all);
    }

    /** Without the place, which is an option that nobody has written. */
    private static String reason(ScenarioException e) {
        String first = e.lines().get(0);
        int error = first.indexOf(": error: ");
        return error < 0 ? first : first.substring(error + ": error: ".length());
    }
}
