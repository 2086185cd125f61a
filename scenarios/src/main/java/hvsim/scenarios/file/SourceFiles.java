package hvsim.scenarios.file;

import hvsim.scenarios.file.Node.MapNode;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Opens YAML files, each once, and remembers what was read. */
final class SourceFiles {
    private static final int MOST_BYTES = 8 << 20;

    private final Map<Place, Optional<MapNode>> read = new LinkedHashMap<>();
    private final Map<String, String> digests = new LinkedHashMap<>();

    /** The group of keys that the file is; empty after reporting faults at {@code asker}. */
    Optional<MapNode> read(Place place, Origin asker, Faults faults) {
        Optional<MapNode> known = read.get(place);
        if (known == null) {
            known = open(place, asker, faults);
            read.put(place, known);
        }
        return known;
    }

    private Optional<MapNode> open(Place place, Origin asker, Faults faults) {
        byte[] bytes;
        try (InputStream in = place.open()) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            faults.add(asker, Text.quoted(place.shown()) + ": " + reason(e), "");
            return Optional.empty();
        }
        if (bytes.length > MOST_BYTES) {
            faults.add(Origin.in(place, 1, 1), "more than 8MiB; no scenario is that long", "");
            return Optional.empty();
        }
        digests.put(place.shown(), digest(bytes));
        int before = faults.added();
        String text = YamlText.decode(bytes, place, faults);
        if (faults.added() != before) {
            return Optional.empty();
        }
        return YamlParser.parse(text, place, faults)
                .or(() -> empty(place, faults, before))
                .flatMap(node -> group(node, faults));
    }

    /** Reasons of our own begin in lower case; others are a library's words. */
    private static String reason(IOException e) {
        return e.getMessage() == null ? "cannot be read" : e.getMessage();
    }

    private static Optional<Node> empty(Place place, Faults faults, int before) {
        if (faults.added() == before) {
            faults.add(
                    Origin.in(place, 1, 1),
                    "the file is empty",
                    "a scenario has at least one key, such as workload: {}");
        }
        return Optional.empty();
    }

    private static Optional<MapNode> group(Node node, Faults faults) {
        if (node instanceof MapNode map) {
            return Optional.of(map);
        }
        faults.add(
                node.origin(),
                "the file is " + node.kind() + ", not a group of keys",
                "a scenario begins with a key, such as title:");
        return Optional.empty();
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** SHA-256 of each file that was read, by the name that messages use, in the order of reading. */
    Map<String, String> digests() {
        return digests;
    }
}
