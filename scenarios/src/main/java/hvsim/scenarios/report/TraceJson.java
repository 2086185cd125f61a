package hvsim.scenarios.report;

import hvsim.scenarios.run.Version;
import hvsim.scenarios.trace.TraceInfo;
import hvsim.scenarios.trace.TraceInfo.Footprint;
import hvsim.scenarios.trace.TraceInfo.Ideal;
import hvsim.scenarios.trace.TraceInfo.Reuse;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What {@code trace info --format json} prints. */
public final class TraceJson {
    private static final String SCHEMA = "hvsim.trace/1";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private TraceJson() {}

    public static String of(TraceInfo info) {
        ObjectNode tree = NODES.objectNode();
        tree.put("schema", SCHEMA).put("hvsim", Version.current());
        tree.put("format", info.format().word())
                .put("compression", info.compression().word());
        tree.put("references", info.references()).put("fetches", info.fetches());
        tree.put("loads", info.loads()).put("stores", info.stores()).put("modifies", info.modifies());
        tree.put("straddling", info.straddling()).put("largest_bytes", info.largestSizeBytes());
        tree.put("min_gva", "0x" + Long.toHexString(info.minGva()));
        tree.put("max_gva", "0x" + Long.toHexString(info.maxGva()));
        tree.put("threads", info.threads()).put("passed_over", info.passedOver());
        tree.put("left_out", info.leftOut()).put("first_left_out", info.firstLeftOut());
        ArrayNode footprints = tree.putArray("footprints");
        info.footprints().forEach(footprint -> footprints.add(node(footprint)));
        tree.set("reuse", node(info.reuse()));
        ArrayNode ideal = tree.putArray("ideal");
        info.ideal().forEach(row -> ideal.add(node(row)));
        return JsonReport.document(tree);
    }

    private static ObjectNode node(Footprint footprint) {
        return NODES.objectNode()
                .put("page_bytes", footprint.pageBytes())
                .put("pages", footprint.pages())
                .put("code", footprint.code())
                .put("data", footprint.data())
                .put("bytes", footprint.bytes());
    }

    private static ObjectNode node(Reuse reuse) {
        return NODES.objectNode()
                .put("uses", reuse.uses())
                .put("pages_used_once", reuse.once())
                .put("pages_of_50_percent", reuse.half())
                .put("pages_of_90_percent", reuse.most())
                .put("pages_of_99_percent", reuse.nearlyAll());
    }

    private static ObjectNode node(Ideal row) {
        return NODES.objectNode()
                .put("entries", row.entries())
                .put("fetch_hit_rate", row.fetchHitRate())
                .put("data_hit_rate", row.dataHitRate())
                .put("hit_rate", row.hitRate())
                .put("hit_rate_2mib", row.largeHitRate());
    }
}
