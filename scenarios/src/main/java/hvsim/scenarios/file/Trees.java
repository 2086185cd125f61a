package hvsim.scenarios.file;

import hvsim.scenarios.file.Node.Entry;
import hvsim.scenarios.file.Node.ListNode;
import hvsim.scenarios.file.Node.MapNode;
import hvsim.scenarios.file.Node.ScalarNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How trees of values combine: maps merge, values and lists replace, null takes a key away. */
final class Trees {
    private Trees() {}

    /** A null for a key that {@code base} does not have stays, and is reported when it is read. */
    static MapNode merge(MapNode base, MapNode over) {
        Map<String, Entry> all = new LinkedHashMap<>(base.entries());
        over.entries().forEach((key, entry) -> {
            Entry below = base.entries().get(key);
            if (below == null) {
                all.put(key, entry);
            } else if (entry.value().isNull()) {
                all.remove(key);
            } else if (below.value() instanceof MapNode a && entry.value() instanceof MapNode b) {
                all.put(key, new Entry(entry.key(), merge(a, b)));
            } else {
                all.put(key, entry);
            }
        });
        return new MapNode(over.origin(), all);
    }

    /**
     * The tree with one value at a dotted path merged in; groups on the way are made where they are missing.
     *
     * @throws BadValueException if the path leads through something that is no group
     */
    static MapNode with(MapNode root, String path, Origin key, Node value) throws BadValueException {
        return merge(root, wrapped(root, List.of(path.split("\\.", -1)), 0, key, value));
    }

    private static MapNode wrapped(MapNode below, List<String> parts, int depth, Origin key, Node value)
            throws BadValueException {
        String part = parts.get(depth);
        if (part.isBlank()) {
            throw new BadValueException("the path has an empty part", "written like machine.tlb.stlb.entries");
        }
        if (depth + 1 == parts.size()) {
            return new MapNode(below.origin(), Map.of(part, new Entry(key, value)));
        }
        Node next = below.get(part).orElse(new MapNode(key, Map.of()));
        if (!(next instanceof MapNode) && !next.isNull()) {
            String group = String.join(".", parts.subList(0, depth + 1));
            throw new BadValueException(Text.quoted(group) + " is " + next.kind() + ", which has no keys", "");
        }
        MapNode group = next instanceof MapNode map ? map : new MapNode(key, Map.of());
        Origin nextKey = below.entry(part).map(Entry::key).orElse(key);
        return new MapNode(
                below.origin(), Map.of(part, new Entry(nextKey, wrapped(group, parts, depth + 1, key, value))));
    }

    /** The same values, all of one origin. */
    static Node relocated(Node node, Origin at) {
        if (node instanceof ScalarNode scalar) {
            return new ScalarNode(at, scalar.text(), scalar.plain());
        }
        if (node instanceof ListNode list) {
            return new ListNode(
                    at, list.items().stream().map(item -> relocated(item, at)).toList());
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        ((MapNode) node)
                .entries()
                .forEach((key, entry) -> entries.put(key, new Entry(at, relocated(entry.value(), at))));
        return new MapNode(at, entries);
    }

    private static Object plain(ScalarNode scalar) {
        boolean isCount = scalar.plain() && scalar.text().matches("0|[1-9][0-9]{0,17}");
        return isCount ? (Object) Long.valueOf(scalar.text()) : scalar.text();
    }

    /** Plain text, numbers, lists and maps, as a program may print them. */
    static @Nullable Object plain(Node node) {
        if (node instanceof ScalarNode scalar) {
            return node.isNull() ? null : plain(scalar);
        }
        if (node instanceof ListNode list) {
            List<Object> items = new ArrayList<>();
            list.items().forEach(item -> items.add(plain(item)));
            return items;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        ((MapNode) node).entries().forEach((key, entry) -> map.put(key, plain(entry.value())));
        return map;
    }
}
