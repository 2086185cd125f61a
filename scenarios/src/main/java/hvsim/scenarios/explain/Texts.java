package hvsim.scenarios.explain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** One page of texts out of the resources: by name, then by what is told. */
final class Texts {
    private final Map<String, Map<String, String>> all = new LinkedHashMap<>();

    /** @param page file of the resource folder, without its suffix */
    Texts(String page) {
        String name = "/explain/" + page + ".yaml";
        try (InputStream in = Texts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this build has no " + name);
            }
            Load load = new Load(LoadSettings.builder().build());
            Object tree = load.loadFromString(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            ((Map<?, ?>) tree).forEach((key, value) -> all.put(key.toString(), strings((Map<?, ?>) value)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> strings(Map<?, ?> map) {
        Map<String, String> strings = new LinkedHashMap<>();
        map.forEach((key, value) -> strings.put(key.toString(), value.toString()));
        return strings;
    }

    boolean lacks(String name) {
        return !all.containsKey(name);
    }

    /** What is told of that name; nothing if the page does not have it. */
    Map<String, String> of(String name) {
        return all.getOrDefault(name, Map.of());
    }
}
