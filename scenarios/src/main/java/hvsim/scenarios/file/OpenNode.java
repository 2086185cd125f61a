package hvsim.scenarios.file;

import hvsim.scenarios.file.Node.Entry;
import hvsim.scenarios.file.Node.ListNode;
import hvsim.scenarios.file.Node.MapNode;
import hvsim.scenarios.file.Node.ScalarNode;
import hvsim.scenarios.file.YamlParser.Sized;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;

/** A map or list whose end has not been read yet. In a map, keys and values come in turns. */
final class OpenNode {
    private final Origin origin;
    private final Optional<Anchor> anchor;
    private final boolean isMap;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<Node> items = new ArrayList<>();
    private @Nullable Node key;
    private long values = 1;
    private int height;

    OpenNode(Origin origin, Optional<Anchor> anchor, boolean isMap) {
        this.anchor = anchor;
        this.origin = origin;
        this.isMap = isMap;
    }

    /** What holds the document itself. */
    static OpenNode root() {
        return new OpenNode(Origin.option(""), Optional.empty(), false);
    }

    Origin origin() {
        return origin;
    }

    Optional<Anchor> anchor() {
        return anchor;
    }

    long values() {
        return values;
    }

    void add(Sized child, Origin at, Faults faults) {
        values += child.values();
        height = Math.max(height, child.height() + 1);
        if (!isMap) {
            items.add(child.node());
        } else if (key == null) {
            key = child.node() instanceof ScalarNode scalar
                    ? new ScalarNode(at, scalar.text(), scalar.plain())
                    : child.node();
        } else {
            put(key, child.node(), faults);
            key = null;
        }
    }

    private void put(Node key, Node value, Faults faults) {
        if (!(key instanceof ScalarNode scalar)) {
            faults.add(key.origin(), key.kind() + " cannot be a key", "a key is a word");
        } else if (key.isNull()) {
            faults.add(key.origin(), "a key is missing before ':'", "");
        } else if (scalar.text().equals("<<")) {
            faults.add(key.origin(), "merge keys (<<) are not understood", "use extends, or write the keys");
        } else if (entries.containsKey(scalar.text())) {
            Origin first = entries.get(scalar.text()).key();
            faults.add(
                    key.origin(),
                    "key " + Text.quoted(scalar.text()) + " stands here a second time",
                    "first at line " + first.line() + ", column " + first.column());
        } else {
            entries.put(scalar.text(), new Entry(key.origin(), value));
        }
    }

    Sized close() {
        return new Sized(isMap ? new MapNode(origin, entries) : new ListNode(origin, items), values, height);
    }

    Optional<Node> onlyChild() {
        return items.stream().findFirst();
    }
}
