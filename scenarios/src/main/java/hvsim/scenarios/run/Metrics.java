package hvsim.scenarios.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import hvsim.cpu.ExitCounts;
import hvsim.cpu.state.Passage;
import hvsim.scenarios.file.MeasuredNames;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
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

    private final Map<String, List<String>> names;

    private Metrics(Map<String, List<String>> names) {
        this.names = names;
    }

    /** The metrics of what has those names. */
    public static Metrics of(MeasuredNames measured) {
        List<String> exits = new ArrayList<>();
        for (Passage reason : ExitCounts.PASSAGES) {
            exits.add(reason.name());
        }
        exits.add("total");
        return new Metrics(Map.of(
                "exits",
                exits,
                "own_exits",
                exits,
                "tlb",
                List.copyOf(measured.tlbs()),
                "vms",
                List.copyOf(measured.vms()),
                "vcpus",
                List.copyOf(measured.vcpus()),
                "phases",
                List.copyOf(measured.phases()),
                "devices",
                List.copyOf(measured.devices())));
    }

    /** Their forms, with REASON, TLB, VM, N, PHASE and DEVICE where names go. */
    public static Set<String> forms() {
        return new Metrics(Map.of(
                        "exits",
                        List.of("REASON"),
                        "own_exits",
                        List.of("REASON"),
                        "tlb",
                        List.of("TLB"),
                        "vms",
                        List.of("VM"),
                        "vcpus",
                        List.of("N"),
                        "phases",
                        List.of("PHASE"),
                        "devices",
                        List.of("DEVICE")))
                .paths();
    }

    /** Empty if there is no such metric. */
    public Optional<Kind> kind(String path) {
        return kind(RunResult.class, path);
    }

    /**
     * Empty if a part of a run has no such metric.
     *
     * @param type record of the part
     */
    public Optional<Kind> kind(Class<?> type, String path) {
        for (RecordComponent component : type.getRecordComponents()) {
            Optional<Kind> kind = isUnwrapped(component) ? kind(component.getType(), path) : kind(component, path);
            if (kind.isPresent()) {
                return kind;
            }
        }
        return Optional.empty();
    }

    private Optional<Kind> kind(RecordComponent component, String path) {
        String name = name(component);
        String rest = path.startsWith(name + ".") ? path.substring(name.length() + 1) : "";
        if (NO_METRICS.contains(name) || rest.isEmpty() && !path.equals(name)) {
            return Optional.empty();
        }
        if (component.getType() == Map.class) {
            int dot = rest.indexOf('.');
            boolean inner = dot > 0 && keys(name).contains(rest.substring(0, dot));
            boolean detail = name.equals("details") && !rest.isEmpty();
            return inner
                    ? kind(valueType(component), rest.substring(dot + 1))
                    : detail ? Optional.of(Kind.NUMBER) : Optional.empty();
        }
        return rest.isEmpty() ? leaf(component.getType()) : kind(component.getType(), rest);
    }

    private static Optional<Kind> leaf(Class<?> type) {
        boolean number = type.isPrimitive() || Number.class.isAssignableFrom(type);
        return number ? Optional.of(Kind.NUMBER) : type == String.class ? Optional.of(Kind.WORD) : Optional.empty();
    }

    /** All of them in the order of the records. */
    public Set<String> paths() {
        return paths(RunResult.class);
    }

    /**
     * The same of a part of a run.
     *
     * @param part its record
     */
    public Set<String> paths(Class<?> part) {
        Set<String> paths = new LinkedHashSet<>();
        add(part, "", paths);
        return paths;
    }

    private void add(Class<?> type, String prefix, Set<String> paths) {
        for (RecordComponent component : type.getRecordComponents()) {
            String path = prefix + name(component);
            if (isUnwrapped(component)) {
                add(component.getType(), prefix, paths);
            } else if (component.getType() == Map.class) {
                keys(name(component)).forEach(key -> add(valueType(component), path + "." + key + ".", paths));
            } else if (!NO_METRICS.contains(name(component))) {
                leaf(component.getType()).ifPresentOrElse(kind -> paths.add(path), () -> add(component, path, paths));
            }
        }
    }

    private void add(RecordComponent component, String path, Set<String> paths) {
        if (component.getType().isRecord()) {
            add(component.getType(), path + ".", paths);
        }
    }

    private List<String> keys(String map) {
        return names.getOrDefault(map, List.of());
    }

    private static Class<?> valueType(RecordComponent map) {
        return (Class<?>) ((ParameterizedType) map.getGenericType()).getActualTypeArguments()[1];
    }

    private static boolean isUnwrapped(RecordComponent component) {
        return component.getAccessor().isAnnotationPresent(JsonUnwrapped.class);
    }

    /** As Jackson writes it. */
    private static String name(RecordComponent component) {
        JsonProperty written = component.getAccessor().getAnnotation(JsonProperty.class);
        return written == null
                ? component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)
                : written.value();
    }
}
