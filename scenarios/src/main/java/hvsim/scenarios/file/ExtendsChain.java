package hvsim.scenarios.file;

import hvsim.scenarios.file.Node.Entry;
import hvsim.scenarios.file.Node.MapNode;
import hvsim.scenarios.file.Node.ScalarNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A file laid over the one that it extends, and that over the next. */
final class ExtendsChain {
    private static final int LONGEST = 20;
    private static final String KEY = "extends";

    private final SourceFiles files;
    private final Faults faults;
    private final List<Place> chain = new ArrayList<>();

    ExtendsChain(SourceFiles files, Faults faults) {
        this.files = files;
        this.faults = faults;
    }

    /** The merged tree, without the key {@code extends}. */
    MapNode read(Place place, MapNode tree) {
        chain.add(place);
        Node base = tree.get(KEY).orElse(null);
        Map<String, Entry> own = new LinkedHashMap<>(tree.entries());
        own.remove(KEY);
        MapNode over = new MapNode(tree.origin(), own);
        if (base == null) {
            return over;
        }
        if (!(base instanceof ScalarNode name) || name.isNull()) {
            faults.add(base.origin(), KEY, "is " + base.kind(), "a library name or a file");
            return over;
        }
        return extended(name, place, over);
    }

    private MapNode extended(ScalarNode name, Place place, MapNode over) {
        try {
            Place base = Library.named(name.text()).orElse(null);
            base = base == null ? place.sibling(name.text()) : base;
            if (chain.contains(base)) {
                chain.add(base);
                throw new BadValueException("extends goes in a circle: " + names(), "");
            }
            if (chain.size() == LONGEST) {
                throw new BadValueException("extends more than " + LONGEST + " files, one by another", "");
            }
            if (!base.problem().isEmpty()) {
                throw new BadValueException(
                        "extends: " + Text.quoted(name.text()) + ": " + base.problem(), Library.choices(name.text()));
            }
            return files.read(base, name.origin(), faults)
                    .map(tree -> readBase(tree, over))
                    .orElse(over);
        } catch (BadValueException e) {
            faults.add(name.origin(), e.what(), e.rule());
            return over;
        }
    }

    private MapNode readBase(MapNode tree, MapNode over) {
        return Trees.merge(read(tree.origin().place(), tree), over);
    }

    private String names() {
        return chain.stream().map(Place::fileName).collect(Collectors.joining(" -> "));
    }
}
