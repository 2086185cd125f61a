package hvsim.scenarios.file;

import hvsim.scenarios.file.Node.ScalarNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command line's {@code --set PATH=VALUE} and {@code --vary PATH=V,V}. */
final class Options {
    private final String command;
    private final String scenario;
    private final Faults faults;

    /** @param command as messages show it, such as "hvsim run" */
    Options(String command, String scenario, Faults faults) {
        this.command = command;
        this.scenario = scenario;
        this.faults = faults;
    }

    List<Change> settings(List<String> settings) {
        List<Change> changes = new ArrayList<>();
        for (String setting : settings) {
            Origin at = Origin.option(command + ": --set " + shortened(setting));
            List<String> values = Values.split(valueOf(setting));
            if (values.size() > 1) {
                faults.add(
                        Origin.option(command),
                        "--set takes one value: " + Text.quoted(setting) + " has " + values.size(),
                        "side by side: hvsim compare " + scenario + " --vary " + shortened(setting));
            } else {
                parsed(setting, valueOf(setting), at).ifPresent(changes::add);
            }
        }
        return changes;
    }

    /** The values of each varied path, in the order of the options. */
    Map<String, List<Change>> varied(List<String> varied) {
        Map<String, List<Change>> all = new LinkedHashMap<>();
        for (String option : varied) {
            Origin at = Origin.option(command + ": --vary " + shortened(option));
            List<Change> changes = new ArrayList<>();
            try {
                for (String value : Values.expand(valueOf(option))) {
                    parsed(option, value, at).ifPresent(changes::add);
                }
            } catch (BadValueException e) {
                faults.add(at, e.what(), e.rule());
            }
            if (!changes.isEmpty() && changes.get(0).hasGroup(faults)) {
                addOnce(all, changes, at);
            }
        }
        return all;
    }

    private void addOnce(Map<String, List<Change>> all, List<Change> changes, Origin at) {
        if (all.putIfAbsent(changes.get(0).path(), changes) != null) {
            faults.add(at, "this path is varied twice", "give all its values in one --vary");
        }
    }

    private Optional<Change> parsed(String option, String value, Origin at) {
        int equals = option.indexOf('=');
        if (equals <= 0) {
            faults.add(at, "no path and value", "written PATH=VALUE, such as machine.tlb.stlb.entries=3072");
            return Optional.empty();
        }
        String path = option.substring(0, equals).strip();
        return node(value, at).map(node -> new Change(path, at, node));
    }

    /** A value as YAML reads it; what is empty takes the key away. */
    private Optional<Node> node(String value, Origin at) {
        Faults inside = new Faults("");
        String text = YamlText.decode(value.getBytes(StandardCharsets.UTF_8), at.place(), inside);
        Optional<Node> node = YamlParser.parse(text, at.place(), inside);
        if (inside.added() > 0) {
            faults.add(
                    at, Text.quoted(value) + " is no value", "a word, a number with its unit, [a, b] or {key: value}");
            return Optional.empty();
        }
        return Optional.of(node.map(written -> Trees.relocated(written, at)).orElse(new ScalarNode(at, "", true)));
    }

    private static String valueOf(String option) {
        return option.substring(option.indexOf('=') + 1);
    }

    private static String shortened(String option) {
        String quoted = Text.quoted(option);
        return quoted.substring(1, quoted.length() - 1);
    }
}
