package hvsim.scenarios.report;

import hvsim.scenarios.report.Table.Column;
import hvsim.scenarios.run.RunResult.Counts;
import hvsim.scenarios.run.RunResult.Direct;
import hvsim.scenarios.run.RunResult.Exits;
import hvsim.scenarios.run.RunResult.Served;
import hvsim.scenarios.run.RunResult.TlbCounts;
import hvsim.scenarios.run.RunResult.Translation;
import hvsim.scenarios.run.RunResult.Walks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tables about one run. */
final class RunTables {
    private static final int NAME = 18;
    private static final int LONGEST_BAR = 40;
    private static final int DETAILS = 10;

    private final Counts counts;
    private final String whose;
    private final Page page;

    /** @param whose counts these are, as heads of the tables say it */
    RunTables(Counts counts, String whose, Page page) {
        this.counts = counts;
        this.whose = whose;
        this.page = page;
    }

    void exits() {
        Exits total = counts.exits().get("total");
        if (total == null || total.samples() == 0) {
            page.line("EXITS" + whose + " none");
            return;
        }
        page.paragraph(
                "EXITS" + (whose.isEmpty() ? " of all VMs, all vCPUs" : whose)
                        + "; cycles from exit to the end of the next entry",
                2);
        Table table = new Table(List.of(
                Column.right("VM-EXIT", 0, NAME, 0),
                Column.right("Samples", 2, 7, 0),
                Column.right("Samples%", 2, 8, 3),
                Column.right("Time%", 2, 7, 1),
                Column.right("Min", 2, 6, 4),
                Column.right("Max", 2, 6, 4),
                Column.right("Mean", 2, 8, 2)));
        counts.exits().entrySet().stream()
                .filter(entry ->
                        !entry.getKey().equals("total") && entry.getValue().samples() > 0)
                .sorted(Comparator.comparingLong(entry -> -entry.getValue().samples()))
                .forEach(entry ->
                        table.row(exit(ExitLabel.of(entry.getKey(), entry.getValue()), entry.getValue(), total)));
        table.row(exit("total", total, total));
        page.lines(table.lines(page.width()));
        Long passages = counts.host().passages();
        if (passages != null && passages > 0) {
            page.line("HOST" + whose + (whose.isEmpty() ? " " : ": ") + Digits.grouped(passages)
                    + " passages: exits that went on to the host or to the service VM");
        }
    }

    /** Of each reason that tells, its most frequent sub-reasons. */
    void details() {
        counts.exits().forEach((reason, exits) -> {
            if (!exits.details().isEmpty()) {
                String label = ExitLabel.of(reason, exits);
                page.paragraph(Cells.right(label, NAME) + "  " + mostFrequent(exits.details()), NAME + 2);
            }
        });
    }

    private static String mostFrequent(Map<String, Long> details) {
        String shown = details.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(DETAILS)
                .map(detail -> detail.getKey() + " " + Digits.grouped(detail.getValue()))
                .collect(Collectors.joining("   "));
        int more = details.size() - DETAILS;
        return more > 0 ? shown + "   and " + more + " more" : shown;
    }

    /** Where a VM has a hypervisor of its own. */
    void guestHypervisors() {
        if (counts.guestHypervisors() != null) {
            page.blank();
            new GuestHypervisorsTable(counts.guestHypervisors()).write(whose, page);
        }
    }

    private static List<String> exit(String name, Exits exits, Exits total) {
        return List.of(
                name,
                Digits.grouped(exits.samples()),
                Cells.share(exits.samples(), total.samples(), 2),
                Cells.share(exits.cycles(), total.cycles(), 2),
                Digits.grouped(exits.minCycles()),
                Digits.grouped(exits.maxCycles()),
                Cells.fixed(exits.meanCycles(), 1));
    }

    void tlb() {
        boolean kept =
                counts.tlb().values().stream().anyMatch(tlb -> tlb.keptExit() != null || tlb.keptSwitch() != null);
        page.paragraph(
                "TLB" + whose
                        + (kept ? "; kept: share of a vCPU's entries usable again after an exit, after a switch" : ""),
                2);
        List<Column> columns = new ArrayList<>(List.of(
                Column.left("", 0, 10),
                Column.right("Lookups", 2, 9, 4),
                Column.right("Hits", 2, 9, 5),
                Column.right("Misses", 2, 6, 3),
                Column.right("Hit rate", 2, 9, 0),
                Column.right("Per 1000", "operations", 2, 8, 1)));
        if (kept) {
            columns.add(Column.right("Kept", "exit", 2, 7, 2));
            columns.add(Column.right("Kept", "switch", 2, 7, 2));
        }
        Table table = new Table(columns);
        counts.tlb().forEach((name, tlb) -> table.row(tlb(name, tlb).subList(0, columns.size())));
        page.lines(table.lines(page.width()));
    }

    private static List<String> tlb(String name, TlbCounts tlb) {
        return List.of(
                name,
                Digits.grouped(tlb.lookups()),
                Digits.grouped(tlb.hits()),
                Digits.grouped(tlb.misses()),
                Cells.percent(tlb.hitRate(), 4),
                Cells.fixed(tlb.missesPer1000(), 3),
                Cells.percent(tlb.keptExit(), 1),
                Cells.percent(tlb.keptSwitch(), 1));
    }

    /** @param uncached references of one walk that nothing shortens; 0 if they differ between the VMs */
    void walks(int uncached) {
        Walks walks = counts.walks();
        page.paragraph(walkHead(walks, uncached), 2);
        page.paragraph(
                "references  " + Digits.grouped(walks.references()) + " = guest " + Digits.grouped(walks.guest())
                        + " + second_stage " + Digits.grouped(walks.secondStage()),
                12);
        served(walks.served());
        page.paragraph(
                "saved by    guest_cache " + Digits.grouped(walks.saved().guestCache()) + "   nested_tlb "
                        + Digits.grouped(walks.saved().nestedTlb()) + "   second_stage_cache "
                        + Digits.grouped(walks.saved().secondStageCache()),
                12);
        if (walks.rewalks() > 0) {
            page.paragraph(
                    "rewalks     " + Digits.grouped(walks.rewalks()) + " only to renew rights or the dirty flag", 12);
        }
    }

    /** Data references and fetches, where they go through the memory hierarchy. */
    void data() {
        Long references = counts.data().references();
        if (references != null) {
            page.blank();
            page.line("DATA and fetches" + whose + (whose.isEmpty() ? " " : ": ") + Digits.grouped(references));
            served(counts.data().served());
        }
    }

    /** What translating the guests' kernels took, where they are translated. */
    void translation() {
        Translation translation = counts.translation();
        if (translation != null) {
            page.blank();
            page.paragraph(
                    "TRANSLATION" + whose + (whose.isEmpty() ? " " : ": ") + grouped(translation.blocks())
                            + " blocks (retranslated: " + grouped(translation.retranslated()) + "; evicted: "
                            + grouped(translation.evicted()) + "; invalidated: " + grouped(translation.invalidated())
                            + ")",
                    2);
            page.paragraph(
                    "went on     chained " + grouped(translation.chained()) + "   looked_up "
                            + grouped(translation.lookUps()),
                    12);
            page.paragraph("emulated    in_line " + grouped(translation.inLine()), 12);
        }
    }

    /** What was done with the guests' registered tables, where they register them. */
    void direct() {
        Direct direct = counts.direct();
        if (direct != null) {
            page.blank();
            page.paragraph(
                    "REGISTERED TABLES" + whose + (whose.isEmpty() ? " " : ": ") + grouped(direct.updates())
                            + " entries updated (refused: " + grouped(direct.refused()) + "; emulated writes: "
                            + grouped(direct.emulatedWrites()) + ")",
                    2);
            page.paragraph(
                    "tables      validated " + grouped(direct.tablesValidated()) + "   roots pinned "
                            + grouped(direct.pins()),
                    12);
        }
    }

    private void served(Served served) {
        if (served.l1() != null) {
            Long remote = served.memoryRemote();
            page.paragraph(
                    "served by   l1 " + grouped(served.l1()) + "   l2 " + grouped(served.l2()) + "   l3 "
                            + grouped(served.l3()) + "   memory " + grouped(served.memory())
                            + (remote == null || remote == 0 ? "" : "   memory_remote " + grouped(remote)),
                    12);
        }
    }

    private static String grouped(@Nullable Long count) {
        return count == null ? Cells.UNDEFINED : Digits.grouped(count);
    }

    private String walkHead(Walks walks, int uncached) {
        String stopped = walks.stopped() == 0 ? "" : " (stopped by a fault: " + Digits.grouped(walks.stopped()) + ")";
        String mean = walks.count() == 0
                ? ""
                : "; " + Digits.fixed((double) walks.references() / walks.count(), 2) + " references a walk";
        String without = mean.isEmpty() || uncached == 0 ? "" : ", " + uncached + " without caches";
        return "WALKS" + whose + (whose.isEmpty() ? " " : ": ") + Digits.grouped(walks.count()) + stopped + mean
                + without;
    }

    /**
     * @param run name of the run
     * @param natively null if no native run was made
     */
    void cycles(String run, @Nullable Counts natively) {
        boolean named = !whose.isEmpty();
        if (named) {
            page.paragraph("CYCLES" + whose, 2);
        }
        List<Column> columns = new ArrayList<>(List.of(
                Column.left(named ? "" : "CYCLES", 0, NAME), Column.right(run, 3, 11, 0), Column.right("", 3, 6, 1)));
        if (natively != null) {
            columns.add(Column.right("native", 2, 11, 2));
            columns.add(Column.right("", 3, 6, 2));
        }
        Table table = new Table(columns);
        List<CyclePart> parts = CyclePart.ALL.stream()
                .filter(part -> part.isTotal()
                        || part.of(counts.cycles()) > 0
                        || natively != null && part.of(natively.cycles()) > 0)
                .toList();
        parts.forEach(part -> table.row(cycles(part, natively)));
        List<String> lines = table.lines(page.width());
        int barWidth = Math.min(LONGEST_BAR, page.width() - table.width() - 2);
        page.line(lines.get(0));
        for (int i = 0; i < parts.size(); i++) {
            String bar = barWidth < 5 ? "" : bar(parts.get(i), parts, barWidth);
            page.line(bar.isEmpty() ? lines.get(i + 1) : Cells.left(lines.get(i + 1), table.width() + 2) + bar);
        }
    }

    private List<String> cycles(CyclePart part, @Nullable Counts natively) {
        List<String> cells = new ArrayList<>(List.of(part.name()));
        for (Counts one : natively == null ? List.of(counts) : List.of(counts, natively)) {
            cells.add(Digits.grouped(part.of(one.cycles())));
            cells.add(Cells.share(part.of(one.cycles()), one.cycles().total(), 1));
        }
        return cells;
    }

    /** The largest part fills the width. */
    private String bar(CyclePart part, List<CyclePart> parts, int width) {
        double largest = parts.stream()
                .filter(one -> !one.isTotal())
                .mapToLong(one -> one.of(counts.cycles()))
                .max()
                .orElse(0);
        return part.isTotal() || largest == 0
                ? ""
                : "#".repeat((int) Math.round(part.of(counts.cycles()) / largest * width));
    }
}
