package hvsim.scenarios.trace;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which format a trace has: told by its first bytes, never by its name. */
final class Detection {
    /** Bytes looked at: room for what a recorded program printed before its trace. */
    static final int START_BYTES = 1 << 14;

    private static final int HVT_BYTES = 4;

    /** How lines begin that tell a format; one that has several meanings is not among them. */
    private static final Map<TraceFormat, Pattern> LINES = new EnumMap<>(Map.of(
            TraceFormat.LACKEY, Pattern.compile("(==|--|\\*\\*)[0-9]|I  | [LSM] "),
            TraceFormat.PINATRACE, Pattern.compile("# Memory Access Trace|#eof|(0x)?[0-9a-fA-F]+: [RW] "),
            TraceFormat.GEM5, Pattern.compile("([0-9]+,)?[rwu],[0-9]+,"),
            TraceFormat.DRMEMTRACE,
                    Pattern.compile("Output format:|<--record#| *[0-9]+( +[0-9]+)?: +(W[0-9]+\\.)?T?[0-9]+ ")));

    private static final Map<String, String> FOREIGN = new LinkedHashMap<>();

    static {
        FOREIGN.put("BZh", "is compressed with bzip2: unpack it with bunzip2");
        FOREIGN.put("\4\"M\30", "is compressed with lz4: unpack it with unlz4");
        FOREIGN.put("\377\376", "is text in UTF-16, as PowerShell redirects it: write it as ASCII");
        FOREIGN.put("gem5", "is gem5's own form: print it with gem5's util/decode_packet_trace.py");
        FOREIGN.put("PK\3\4", "is a zip archive: of a drmemtrace print it with the view tool, else unpack it");
    }

    private Detection() {}

    /**
     * @param bytes none of them read yet
     * @throws hvsim.cpu.ProgramUnreadableException if it is none that can be read
     */
    static TraceFormat of(TraceBytes bytes, String name) {
        byte[] start = bytes.peek(START_BYTES);
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (start.length == 0) {
            throw TraceFault.inFile(name, "is empty", TraceFormat.choices());
        }
        if (text.startsWith(new String(HvtFormat.MAGIC, 0, HVT_BYTES, StandardCharsets.ISO_8859_1))) {
            return TraceFormat.HVT;
        }
        if (isRecord(start)) {
            return TraceFormat.CHAMPSIM;
        }
        return text.lines()
                .flatMap(line -> format(line).stream())
                .findFirst()
                .orElseThrow(() -> TraceFault.inFile(name, unknown(text), TraceFormat.choices()));
    }

    /** No text has 64 bytes that make a good record: bytes 8 and 9 would have to be 0 or 1. */
    private static boolean isRecord(byte[] start) {
        int bytes = ChampsimReader.RECORD_BYTES;
        return start.length >= bytes
                && ChampsimReader.wrong(Arrays.copyOf(start, bytes)).isEmpty();
    }

    private static Optional<TraceFormat> format(String line) {
        return LINES.entrySet().stream()
                .filter(entry -> entry.getValue().matcher(line).lookingAt())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static String unknown(String text) {
        String line = text.lines().findFirst().orElse("");
        return FOREIGN.entrySet().stream()
                .filter(entry -> text.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() -> Cursor.quoted(line.substring(0, Math.min(line.length(), Cursor.QUOTED_BYTES)))
                        + " begins no trace that hvsim reads");
    }
}
