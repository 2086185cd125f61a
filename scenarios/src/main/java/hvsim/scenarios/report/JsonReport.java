package hvsim.scenarios.report;

import hvsim.scenarios.run.Result;
import hvsim.scenarios.run.ResultTree;
import java.util.Map;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON and JSON Lines: fixed key order, six digits for ratios, line feeds on every system. */
final class JsonReport {
    private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");
    private static final Separators SEPARATORS = Separators.createDefaultInstance()
            .withObjectNameValueSpacing(Separators.Spacing.AFTER)
            .withObjectEmptySeparator("")
            .withArrayEmptySeparator("");
    private static final ObjectWriter LINE =
            new JsonMapper().writer().with(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN);
    private static final ObjectWriter PRETTY = LINE.with(
            new DefaultPrettyPrinter(SEPARATORS).withObjectIndenter(INDENT).withArrayIndenter(INDENT));

    private JsonReport() {}

    static String document(Result result) {
        return PRETTY.writeValueAsString(tree(result)) + "\n";
    }

    /** Any other tree, its ratios rounded. */
    static String document(ObjectNode tree) {
        round(tree);
        return PRETTY.writeValueAsString(tree) + "\n";
    }

    /** One run object a line. */
    static String lines(Result result) {
        StringBuilder text = new StringBuilder();
        for (JsonNode run : tree(result).get("runs")) {
            text.append(LINE.writeValueAsString(run)).append('\n');
        }
        return text.toString();
    }

    /** Ratios found by the model are rounded; the scenario's own values stay as written. */
    private static ObjectNode tree(Result result) {
        ObjectNode tree = ResultTree.of(result);
        round(tree.get("runs"));
        round(tree.get("expect"));
        return tree;
    }

    private static void round(JsonNode node) {
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, rounded(array.get(i)));
            }
        } else if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                entry.setValue(rounded(entry.getValue()));
            }
        }
    }

    private static JsonNode rounded(JsonNode node) {
        if (node.isDouble()) {
            return DecimalNode.valueOf(Digits.significant(node.doubleValue()));
        }
        round(node);
        return node;
    }
}
