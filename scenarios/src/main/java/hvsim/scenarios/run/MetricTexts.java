package hvsim.scenarios.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The dictionary of metrics: what each means, by the form of its path, where REASON, TLB and VM stand for names. */
public final class MetricTexts {
    private static final String RESOURCE = "/explain/metrics.yaml";
    private static final Map<String, MetricTexts.Entry> ALL = read();

    private MetricTexts() {}

    /**
     * What is told of one metric.
     *
     * @param unit of its value
     * @param text what it means and how it is counted
     * @param isColumn whether CSV has it without being asked
     */
    public record Entry(String unit, String text, boolean isColumn) {}

    /** The forms of all paths, in the order of the dictionary. */
    public static Set<String> forms() {
        return ALL.keySet();
    }

    /** The entry of a path, whichever VM, virtual processor, phase or interval it speaks of; empty if it is no metric. */
    public static Optional<Entry> of(String path) {
        return Optional.ofNullable(ALL.get(form(path)));
    }

    /** The forms that a path, its last word, or a group of paths can mean. */
    public static List<String> find(String word) {
        if (ALL.containsKey(form(word))) {
            return List.of(form(word));
        }
        List<String> found = new ArrayList<>(ALL.keySet());
        found.removeIf(form -> !form.endsWith("." + word) && !form.startsWith(word + "."));
        return found;
    }

    /** With REASON, TLB, VM and DEVICE where it has names, and without saying whose it is. */
    static String form(String path) {
        String whole = path.replaceFirst(
                "^(vms\\.[^.]+\\.vcpus\\.[^.]+|phases\\.[^.]+|intervals\\.[^.]+|vms\\.[^.]+)\\.(?!fidelity|memory_touched|waiting)",
                "");
        return whole.replaceFirst("^vms\\.[^.]+", "vms.VM")
                .replaceFirst("^devices\\.[^.]+", "devices.DEVICE")
                .replaceFirst("^devices\\.DEVICE\\.exits\\.[^.]+", "devices.DEVICE.exits.REASON")
                .replaceFirst("^exits\\.[^.]+(\\.details)?", "exits.REASON$1")
                .replaceFirst("\\.details\\..*", ".details")
                .replaceFirst("^tlb\\.[^.]+", "tlb.TLB");
    }

    private static Map<String, Entry> read() {
        try (InputStream in = MetricTexts.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("this build has no " + RESOURCE);
            }
            Load load = new Load(LoadSettings.builder().build());
            Map<?, ?> tree = (Map<?, ?>) load.loadFromString(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            Map<String, Entry> all = new LinkedHashMap<>();
            tree.forEach((form, entry) -> all.put(form.toString(), entry((Map<?, ?>) entry)));
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Entry entry(Map<?, ?> entry) {
        return new Entry(
                String.valueOf(entry.get("unit")), String.valueOf(entry.get("text")), entry.containsKey("csv"));
    }
}
