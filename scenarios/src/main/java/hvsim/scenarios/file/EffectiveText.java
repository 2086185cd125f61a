package hvsim.scenarios.file;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All values of a configuration as YAML that can be run again, each with a comment that says where it came from. */
public final class EffectiveText {
    private static final int COMMENT_COLUMN = 44;

    private final Map<String, String> sources;
    private final StringBuilder out = new StringBuilder();

    private EffectiveText(Map<String, String> sources) {
        this.sources = sources;
    }

    /** Lines end in \n. */
    public static String of(Configured configured) {
        return of("", configured.effective(), configured.sources());
    }

    /**
     * One group, as a file of its own would have it.
     *
     * @param path of the group in a scenario
     */
    static String of(String path, Map<String, Object> group, Map<String, String> sources) {
        EffectiveText text = new EffectiveText(sources);
        text.group(path, group, 0);
        return text.out.toString();
    }

    @SuppressWarnings("unchecked")
    private void group(String path, Map<String, Object> group, int depth) {
        group.forEach((key, value) -> {
            String line = "  ".repeat(depth) + scalar(key) + ":";
            String inner = path.isEmpty() ? key : path + "." + key;
            if (value instanceof Map<?, ?> map && !map.isEmpty()) {
                out.append(line).append('\n');
                group(inner, (Map<String, Object>) map, depth + 1);
            } else {
                line(line + " " + written(value), sources.getOrDefault(inner, ""));
            }
        });
    }

    private void line(String line, String source) {
        out.append(line);
        if (!source.isEmpty()) {
            out.append(" ".repeat(Math.max(2, COMMENT_COLUMN - line.length())))
                    .append("# ")
                    .append(source);
        }
        out.append('\n');
    }

    private static String written(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(EffectiveText::written).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?>) {
            return "{}";
        }
        if (value instanceof Boolean on) {
            return on ? "on" : "off";
        }
        return value == null ? "null" : value instanceof Number ? value.toString() : scalar(value.toString());
    }

    /** Plain where YAML reads it back as the same text, else in double quotes. */
    private static String scalar(String text) {
        boolean plain = text.matches("[A-Za-z0-9/][A-Za-z0-9 _./%+-]*")
                && !text.endsWith(" ")
                && !text.equalsIgnoreCase("null");
        if (plain) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
