package hvsim.scenarios.report;

import hvsim.scenarios.report.Table.Column;
import hvsim.scenarios.trace.TraceInfo;
import hvsim.scenarios.trace.TraceInfo.Footprint;
import hvsim.scenarios.trace.TraceInfo.Ideal;
import hvsim.scenarios.trace.TraceInfo.Reuse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** What {@code trace info} prints. */
public final class TraceText {
    private static final int LABEL = 12;
    private static final int NUMBER = 15;

    private final TraceInfo info;
    private final Page page = new Page(Layout.DEFAULT_WIDTH);

    private TraceText(TraceInfo info) {
        this.info = info;
    }

    /** @param file as the user wrote it */
    public static String of(TraceInfo info, String file) {
        TraceText text = new TraceText(info);
        text.references(file);
        text.footprints();
        text.reuse();
        text.ideal();
        return text.page.toString();
    }

    private void references(String file) {
        page.line(file + ": " + info.format().word() + ", compression "
                + info.compression().word());
        line("references", info.references(), "");
        kind("  fetches", info.fetches());
        kind("  loads", info.loads());
        kind("  stores", info.stores());
        kind("  modifies", info.modifies());
        line("straddling", info.straddling(), "touch more than one page of 4KiB");
        line("largest", info.largestSizeBytes(), "bytes in one reference");
        page.line(label("addresses") + "  0x" + Long.toHexString(info.minGva()) + " to 0x"
                + Long.toHexString(info.maxGva()));
        lineIf("threads", info.threads(), "");
        lineIf("passed over", info.passedOver(), "prefetches, flushes and other records that are no references");
        lineIf("left out", info.leftOut(), "damaged; the first: " + info.firstLeftOut());
    }

    private void footprints() {
        page.blank();
        page.line("FOOTPRINT");
        List<Column> columns = new ArrayList<>(List.of(Column.left("pages of", 0, LABEL)));
        info.footprints().forEach(one -> columns.add(Column.right(size(one.pageBytes()), 2, NUMBER - 2, 0)));
        Table table = new Table(columns);
        footprint(table, "touched", Footprint::pages);
        footprint(table, "  for code", Footprint::code);
        footprint(table, "  for data", Footprint::data);
        footprint(table, "bytes", Footprint::bytes);
        page.lines(table.lines(page.width()));
    }

    private void footprint(Table table, String label, ToLongFunction<Footprint> number) {
        List<String> cells = new ArrayList<>(List.of(label));
        info.footprints().forEach(one -> cells.add(Digits.grouped(number.applyAsLong(one))));
        table.row(cells);
    }

    private void reuse() {
        Reuse reuse = info.reuse();
        page.blank();
        page.line("REUSE of pages of 4KiB: each is used "
                + Digits.fixed((double) reuse.uses() / Math.max(1, info.pages()), 1) + " times");
        line("used once", reuse.once(), "pages");
        line("50% of uses", reuse.half(), "pages");
        line("90% of uses", reuse.most(), "pages");
        line("99% of uses", reuse.nearlyAll(), "pages");
    }

    private void ideal() {
        page.blank();
        page.line("IDEAL HIT RATE of a fully associative TLB with LRU");
        Table table = new Table(List.of(
                Column.right("", "entries", 0, 8, 0),
                Column.right("fetches", "4KiB", 2, 10, 0),
                Column.right("data", "4KiB", 2, 10, 0),
                Column.right("all", "4KiB", 2, 10, 0),
                Column.right("all", "2MiB", 2, 10, 0)));
        for (Ideal row : info.ideal()) {
            table.row(List.of(
                    Digits.grouped(row.entries()),
                    info.fetches() == 0 ? "-" : rate(row.fetchHitRate()),
                    info.fetches() == info.references() ? "-" : rate(row.dataHitRate()),
                    rate(row.hitRate()),
                    rate(row.largeHitRate())));
        }
        page.lines(table.lines(page.width()));
    }

    private void kind(String label, long count) {
        line(label, count, Digits.percent((double) count / info.references(), 1));
    }

    private void lineIf(String label, long number, String meaning) {
        if (number > 0) {
            line(label, number, meaning);
        }
    }

    private void line(String label, long number, String meaning) {
        String digits = Digits.grouped(number);
        String text = label(label) + " ".repeat(Math.max(0, NUMBER - digits.length())) + digits + "  " + meaning;
        page.paragraph(text.stripTrailing(), LABEL + NUMBER + 2);
    }

    private static String label(String label) {
        return label + " ".repeat(LABEL - label.length());
    }

    private static String rate(double share) {
        return Digits.percent(share, 4);
    }

    private static String size(long bytes) {
        return bytes >> 30 > 0
                ? (bytes >> 30) + "GiB"
                : bytes >> 20 > 0 ? (bytes >> 20) + "MiB" : (bytes >> 10) + "KiB";
    }
}
