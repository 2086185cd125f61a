package hvsim.scenarios.file;

import hvsim.scenarios.file.Node.Entry;
import hvsim.scenarios.file.Node.ListNode;
import hvsim.scenarios.file.Node.MapNode;
import hvsim.scenarios.file.Node.ScalarNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One group of keys while it is read. Each key is asked for once; what was never asked for is unknown.
 * Whatever is wrong becomes a fault and a stand-in value, so that reading goes on.
 */
final class Section {
    private final Binding binding;
    private final String path;
    private final MapNode node;
    private final Map<String, Object> plain = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();
    private final Map<String, Section> children = new HashMap<>();
    private final Optional<Section> parent;

    /** A stand-in for something that is no group: nothing can be missing in it. */
    private final boolean isStandIn;

    private boolean sound = true;

    private Section(Optional<Section> parent, boolean isStandIn, Binding binding, String path, MapNode node) {
        this.parent = parent;
        this.isStandIn = isStandIn;
        this.binding = binding;
        this.path = path;
        this.node = node;
    }

    static Section top(Binding binding, MapNode tree) {
        return new Section(Optional.empty(), false, binding, "", tree);
    }

    Binding binding() {
        return binding;
    }

    String path() {
        return path;
    }

    /** What was read, with all defaults, as plain values; itself a valid group of a scenario. */
    Map<String, Object> plain() {
        return plain;
    }

    /** Whether nothing in this group was found wrong so far. */
    boolean isSound() {
        return sound;
    }

    Set<String> names() {
        return node.entries().keySet();
    }

    boolean has(String key) {
        return node.entries().containsKey(key);
    }

    /** Where the value of a key stands; the group itself if the key is not there. */
    Origin at(String key) {
        return has(key) ? node(key).origin() : node.origin();
    }

    Origin at() {
        return node.origin();
    }

    void fault(String key, String what, String rule) {
        fault(at(key), pathOf(key), what, rule);
    }

    /** @param path what it is about; empty if {@code what} names it */
    void fault(Origin at, String path, String what, String rule) {
        unsound();
        binding.faults().add(at, path, what, rule);
    }

    private void unsound() {
        sound = false;
        parent.ifPresent(Section::unsound);
    }

    /** A group of keys; an empty one if it is not there. */
    Section section(String key) {
        known.add(key);
        boolean isNoGroup = has(key) && !(node(key) instanceof MapNode);
        if (isNoGroup) {
            fault(key, "is " + node(key).kind() + ", not a group of keys", emptyRule(node(key)));
        }
        Section section = new Section(Optional.of(this), isStandIn || isNoGroup, binding, pathOf(key), group(key));
        plain.put(key, section.plain);
        children.put(key, section);
        return section;
    }

    <T> T value(String key, T fallback, Kind<T> kind) {
        return optional(key, kind).orElseGet(() -> {
            if (!has(key)) {
                binding.isDefault(pathOf(key));
                plain.put(key, plain(fallback));
            }
            return fallback;
        });
    }

    /** A value that a preset or the file has to give. */
    <T> T required(String key, T standIn, Kind<T> kind) {
        if (!has(key) && !isStandIn) {
            fault(key, "has no value", "neither the file nor the preset gives one");
        }
        return optional(key, kind).orElse(standIn);
    }

    <T> Optional<T> optional(String key, Kind<T> kind) {
        known.add(key);
        if (!has(key)) {
            return Optional.empty();
        }
        Optional<T> value = read(key, node(key), kind);
        value.ifPresent(read -> {
            plain.put(key, plain(read));
            binding.from(pathOf(key), at(key));
        });
        return value;
    }

    <T> List<T> list(String key, List<T> fallback, Kind<T> kind) {
        known.add(key);
        if (!has(key)) {
            binding.isDefault(pathOf(key));
            plain.put(key, fallback.stream().map(Section::plain).toList());
            return fallback;
        }
        List<T> values = new ArrayList<>();
        if (node(key) instanceof ListNode list) {
            list.items().forEach(item -> read(key, item, kind).ifPresent(values::add));
        } else {
            fault(key, "is " + node(key).kind() + ", not a list", "a list is written [a, b]");
        }
        plain.put(key, values.stream().map(Section::plain).toList());
        binding.from(pathOf(key), at(key));
        return values;
    }

    private <T> Optional<T> read(String key, Node value, Kind<T> kind) {
        if (!(value instanceof ScalarNode scalar) || value.isNull()) {
            String what = "is " + value.kind() + ", not a single value";
            fault(value.origin(), pathOf(key), value.isNull() ? "is empty" : what, emptyRule(value));
            return Optional.empty();
        }
        try {
            return Optional.of(kind.read(scalar.text()));
        } catch (BadValueException e) {
            fault(value.origin(), pathOf(key), e.what(), e.rule());
            return Optional.empty();
        }
    }

    private static String emptyRule(Node value) {
        return value.isNull()
                ? "empty or null takes an inherited key away, and there is none; {} is a group with all defaults"
                : "";
    }

    /** Shows another plain value than the one read. */
    void show(String key, @Nullable Object value) {
        plain.put(key, value);
    }

    void hide(String key) {
        plain.remove(key);
    }

    /** Whether the user gave it, and not a preset or a default. */
    boolean isWritten(String key) {
        return has(key) && !binding.isPreset(at(key));
    }

    void noEffect(String key, String why) {
        binding.note(keyAt(key), pathOf(key) + " has no effect " + why);
    }

    /** The group of that key; empty if it was not read. */
    Optional<Section> child(String key) {
        return Optional.ofNullable(children.get(key));
    }

    /** The group at the end of a path that was read. */
    Section group(List<String> path) {
        Section at = this;
        for (String key : path) {
            at = at.child(key).orElseThrow();
        }
        return at;
    }

    /** Shows as null what this group lacks of the one that it is laid over, so that merging again gives the same. */
    void showTakenAway(Map<String, Object> below) {
        takeAway(below, plain);
    }

    @SuppressWarnings("unchecked")
    private static void takeAway(Map<String, Object> below, Map<String, Object> own) {
        below.forEach((key, value) -> {
            if (!own.containsKey(key)) {
                own.put(key, null);
            } else if (value instanceof Map && own.get(key) instanceof Map) {
                takeAway((Map<String, Object>) value, (Map<String, Object>) own.get(key));
            }
        });
    }

    /** Where a key itself stands. */
    Origin keyAt(String key) {
        return node.entry(key).map(Entry::key).orElse(node.origin());
    }

    /** The group of that name laid over another one. */
    Section over(String key, MapNode below) {
        Section own = section(key);
        Section merged = new Section(Optional.of(this), own.isStandIn, binding, own.path, Trees.merge(below, own.node));
        plain.put(key, merged.plain);
        children.put(key, merged);
        return merged;
    }

    /** The value of a key that is there. */
    Node node(String key) {
        return node.get(key).orElseThrow();
    }

    /** The group as written; empty if it is not there or no group. */
    MapNode group(String key) {
        return node.group(key).orElse(new MapNode(at(key), Map.of()));
    }

    /** The group as written, with these keys alone. */
    MapNode only(List<String> keys) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (String key : keys) {
            node.entry(key).ifPresent(entry -> entries.put(key, entry));
        }
        return new MapNode(node.origin(), entries);
    }

    /** Reports the keys that nobody asked for. */
    void close() {
        for (Map.Entry<String, Entry> entry : node.entries().entrySet()) {
            if (!known.contains(entry.getKey())) {
                fault(entry.getValue().key(), "", unknown(entry.getKey()), choices(entry.getKey()));
            }
        }
    }

    /** A key that was taken out of the group when it was read. */
    void wasReadBefore(String key) {
        if (!has(key)) {
            known.add(key);
        }
    }

    /** The known keys that unknown ones may have been meant for. */
    List<String> misspelt() {
        return names().stream()
                .filter(name -> !known.contains(name))
                .flatMap(name -> Words.nearest(name, known).stream())
                .toList();
    }

    private String unknown(String key) {
        return "unknown key " + Text.quoted(key) + (path.isEmpty() ? "" : " in " + path);
    }

    private String choices(String key) {
        String meant = Words.nearest(key, known)
                .map(word -> "did you mean '" + word + "'? ")
                .orElse("");
        String blank = key.contains(":") ? "a ':' needs a blank behind it; " : "";
        return blank + meant + "keys here: " + String.join(", ", known);
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static Object plain(Object value) {
        if (value instanceof Choice choice) {
            return choice.word();
        }
        return value instanceof Number || value instanceof Boolean ? value : value.toString();
    }
}
