package hvsim.scenarios.trace;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What a trace is written in. */
public enum TraceFormat {
    /** The text that {@code valgrind --tool=lackey --trace-mem=yes} prints. */
    LACKEY("lackey"),
    /** The text of Pin's example tool pinatrace. */
    PINATRACE("pinatrace"),
    /** Packets of gem5 as text, by its {@code util/decode_packet_trace.py}. */
    GEM5("gem5"),
    /** ChampSim's records of 64 bytes, {@code input_instr}. */
    CHAMPSIM("champsim"),
    /** The text that the view tool of DynamoRIO's drmemtrace prints. */
    DRMEMTRACE("drmemtrace"),
    /** The fast form that {@code hvsim trace convert} writes, see {@link HvtFormat}. */
    HVT("hvt");

    private final String word;

    TraceFormat(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /** The rule of messages about files that are none of them. */
    static String choices() {
        String words = Arrays.stream(values()).map(TraceFormat::word).collect(Collectors.joining(", "));
        return "formats: " + words + "; plain or compressed with gzip, xz or zstd";
    }
}
