package hvsim.scenarios;

import hvsim.scenarios.workload.TraceInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code trace info} prints. */
final class TraceDescription {
    private static final int LABEL = 14;
    private static final int NUMBER = 16;

    private final TraceInfo info;
    private final List<String> lines = new ArrayList<>();

    private TraceDescription(TraceInfo info) {
        this.info = info;
    }

    static List<String> of(TraceInfo info, String file) {
        return new TraceDescription(info).describe(file);
    }

    private List<String> describe(String file) {
        lines.add(file + ": " + info.format().word() + ", compression "
                + info.compression().word());
        line("references", info.references(), "");
        kind("  fetches", info.fetches(), "one for each instruction");
        kind("  loads", info.loads(), "");
        kind("  stores", info.stores(), "");
        kind("  modifies", info.modifies(), "load and store in one");
        line("straddling", info.straddling(), "touch more than one page of 4KiB");
        line("pages", info.pages(), "of 4KiB; " + grouped(info.footprintBytes()) + " bytes");
        line("largest", info.largestSizeBytes(), "bytes in one reference");
        lines.add(left("addresses") + "  0x" + Long.toHexString(info.minGva()) + " to 0x"
                + Long.toHexString(info.maxGva()));
        return lines;
    }

    private void kind(String label, long count, String meaning) {
        long whole = Math.max(1, info.references());
        String share = String.format(Locale.ROOT, "%5.1f%%", 100.0 * count / whole);
        line(label, count, share + (meaning.isEmpty() ? "" : "  " + meaning));
    }

    private void line(String label, long number, String meaning) {
        String text = " ".repeat(Math.max(0, NUMBER - grouped(number).length())) + grouped(number);
        lines.add((left(label) + text + "  " + meaning).stripTrailing());
    }

    private static String left(String label) {
        return label + " ".repeat(LABEL - label.length());
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
