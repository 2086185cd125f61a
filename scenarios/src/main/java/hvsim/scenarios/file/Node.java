package hvsim.scenarios.file;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A tree of values as written, each with its origin. Aliases share nodes. */
sealed interface Node {
    Origin origin();

    /** @param entries in the order of the file */
    record MapNode(Origin origin, Map<String, Entry> entries) implements Node {
        Optional<Entry> entry(String key) {
            return Optional.ofNullable(entries.get(key));
        }

        Optional<Node> get(String key) {
            return entry(key).map(Entry::value);
        }

        /** The group of that key, if it is there and one. */
        Optional<MapNode> group(String key) {
            return get(key).filter(MapNode.class::isInstance).map(MapNode.class::cast);
        }
    }

    record Entry(Origin key, Node value) {}

    record ListNode(Origin origin, List<Node> items) implements Node {}

    /** @param plain written without quotes */
    record ScalarNode(Origin origin, String text, boolean plain) implements Node {}

    /** Whether this is the word that takes a key away. */
    default boolean isNull() {
        return this instanceof ScalarNode scalar
                && scalar.plain()
                && (scalar.text().isEmpty()
                        || scalar.text().equals("~")
                        || scalar.text().equalsIgnoreCase("null"));
    }

    /** What it is, for messages. */
    default String kind() {
        if (this instanceof MapNode) {
            return "a group of keys";
        }
        return this instanceof ListNode ? "a list" : isNull() ? "empty" : "a single value";
    }
}
