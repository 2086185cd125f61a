package hvsim.scenarios.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import hvsim.cpu.vmx.ExitReason;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every metric that a run can have: its dotted path in {@link RunResult}, which expectations and the heads of CSV
 * columns use. Depends on the scenario alone, not on what happened in a run.
 */
public final class Metrics {
    /** What a metric's value is. */
    public enum Kind {
        NUMBER,
        WORD
    }

    /** What identifies a run or explains a metric, but is none. */
    private static final Set<String> NO_METRICS =
            Set.of("run", "point", "replicate", "seed", "number", "sdm_name", "first_difference");

    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final Map<String, List<String>> names;

    private Metrics(Map<String, List<String>> names) {
        this.names = names;
        add(RunResult.class, "");
    }

    /** The metrics of a machine with these TLBs that runs these VMs. */
    public static Metrics of(Collection<String> tlbs, Collection<String> vms) {
        List<String> exits = new ArrayList<>();
        for (ExitReason reason : ExitReason.values()) {
            exits.add(reason.name());
        }
        exits.add("total");
        return new Metrics(Map.of("exits", exits, "tlb", List.copyOf(tlbs), "vms", List.copyOf(vms)));
    }

    /** Their forms, with REASON, TLB and VM where names go. */
    public static Set<String> forms() {
        Map<String, List<String>> names =
                Map.of("exits", List.of("REASON", "total"), "tlb", List.of("TLB"), "vms", List.of("VM"));
        return new Metrics(names).paths();
    }

    /** Empty if there is no such metric. */
    public Optional<Kind> kind(String path) {
        int details = path.indexOf(".details.");
        boolean detail = details > 0 && kinds.containsKey(path.substring(0, details) + ".samples");
        return detail ? Optional.of(Kind.NUMBER) : Optional.ofNullable(kinds.get(path));
    }

    /** All of them in the order of the records. */
    public Set<String> paths() {
        return kinds.keySet();
    }

    private void add(Class<?> type, String prefix) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = name(component);
            if (!NO_METRICS.contains(name)) {
                add(component, prefix, name);
            }
        }
    }

    private void add(RecordComponent component, String prefix, String name) {
        Class<?> type = component.getType();
        if (type.isRecord()) {
            add(type, prefix + name + ".");
        } else if (type == Map.class && names.containsKey(name)) {
            Class<?> value = (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[1];
            names.get(name).forEach(key -> add(value, prefix + name + "." + key + "."));
        } else if (type == String.class) {
            kinds.put(prefix + name, Kind.WORD);
        } else if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            kinds.put(prefix + name, Kind.NUMBER);
        }
    }

    /** As Jackson writes it. */
    private static String name(RecordComponent component) {
        JsonProperty written = component.getAccessor().getAnnotation(JsonProperty.class);
        return written == null
                ? component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)
                : written.value();
    }
}
