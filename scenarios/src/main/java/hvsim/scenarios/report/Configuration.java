package hvsim.scenarios.report;

import hvsim.scenarios.run.Result;
import hvsim.scenarios.run.RunResult;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a report says of the resolved scenario, read by dotted path from {@link Result#config()}. */
final class Configuration {
    private static final Map<String, Integer> CLOCK_POWERS = Map.of("GHz", 9, "MHz", 6, "kHz", 3, "Hz", 0);

    private final Map<String, Object> config;
    private final Set<String> varied = new LinkedHashSet<>();

    Configuration(Result result) {
        config = result.config();
        for (RunResult run : result.runs()) {
            varied.addAll(run.set().keySet());
        }
    }

    /** The paths that differ between the runs, in the order in which the runs name them. */
    Set<String> varied() {
        return varied;
    }

    boolean isVaried(String path) {
        return varied.stream()
                .anyMatch(one -> one.equals(path) || one.startsWith(path + ".") || path.startsWith(one + "."));
    }

    /** The value as a scenario file writes it; empty if the scenario has none. */
    String text(String path) {
        return written(value(config, path));
    }

    /** The value that a run had, whether its own or that of all. */
    String text(RunResult run, String path) {
        return run.set().containsKey(path) ? written(run.set().get(path)) : text(path);
    }

    /** The value of one key of every entry of {@code vms} if all have the same, else empty. */
    String ofAllVms(String key) {
        if (!(value(config, "vms") instanceof Map<?, ?> vms) || isVaried("vms")) {
            return "";
        }
        List<String> values = vms.values().stream()
                .map(vm -> written(value(vm, key)))
                .distinct()
                .toList();
        return values.size() == 1 ? values.get(0) : "";
    }

    /** Cycles as time where all runs have the same clock, else empty. */
    String time(long cycles) {
        String clock = text("machine.clock");
        int unit = clock.length() - clock.replaceFirst("^[0-9.]+", "").length();
        Integer power = CLOCK_POWERS.get(clock.substring(unit));
        return unit == 0 || power == null || isVaried("machine.clock")
                ? ""
                : Digits.time(cycles, new BigDecimal(clock.substring(0, unit)).movePointRight(power));
    }

    private static @Nullable Object value(@Nullable Object tree, String path) {
        @Nullable Object at = tree;
        for (String key : path.split("\\.", -1)) {
            at = at instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return at;
    }

    /** As a scenario file writes it. */
    static String written(@Nullable Object value) {
        if (value instanceof Boolean on) {
            return on ? "on" : "off";
        }
        if (value instanceof Double number) {
            return Digits.significant(number).toPlainString();
        }
        return value == null ? "" : value.toString();
    }
}
