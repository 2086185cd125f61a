package hvsim.scenarios.report;

import hvsim.scenarios.run.Result;
import hvsim.scenarios.run.RunResult;
import hvsim.scenarios.run.RunResult.Counts;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The report for people: one run in full, or several side by side. */
final class TextReport {
    static final String NATIVE = "native";
    private static final Map<String, Integer> LEAF_LEVEL = Map.of("4KiB", 1, "2MiB", 2, "4MiB", 2, "1GiB", 3);

    private static final int LEGACY_LEVELS = 2;

    private final Result result;
    private final Page page;
    private final boolean colour;
    private final By by;
    private final boolean details;

    private TextReport(Result result, Layout layout) {
        this.result = result;
        this.page = new Page(layout.width());
        this.colour = layout.colour();
        this.by = layout.by();
        this.details = layout.details();
    }

    static String of(Result result, Layout layout) {
        TextReport report = new TextReport(result, layout);
        List<RunResult> own =
                result.runs().stream().filter(run -> !run.run().equals(NATIVE)).toList();
        if (result.runs().isEmpty()) {
            report.nothing();
        } else if (layout.sideBySide() || own.size() != 1) {
            report.compared();
        } else {
            report.alone(own.get(0));
        }
        return report.page.toString();
    }

    /** Stopped before the first run. */
    private void nothing() {
        new Heading(result).writeTitle(page);
    }

    private void compared() {
        List<RunResult> runs = result.runs();
        new Heading(result).write(page, runs.get(runs.size() - 1), false);
        new CompareTables(runs).write(page);
        if (by != By.ALL) {
            parts(runs).forEach(this::compared);
        }
        expect();
    }

    /** Every part that any run has. */
    private Set<String> parts(List<RunResult> runs) {
        Set<String> parts = new LinkedHashSet<>();
        runs.forEach(run -> parts.addAll(by.parts(run).keySet()));
        return parts;
    }

    private void compared(String part) {
        List<RunResult> having = result.runs().stream()
                .flatMap(run -> Optional.ofNullable(by.parts(run).get(part)).map(run::with).stream())
                .toList();
        page.blank();
        page.line(part.strip() + ":");
        new CompareTables(having).writeCounts(page);
    }

    private void alone(RunResult run) {
        Optional<RunResult> natively =
                result.runs().stream().filter(one -> one.run().equals(NATIVE)).findFirst();
        Configuration configuration = new Configuration(result);
        new Heading(result).write(page, run, true);
        new Goals(run, natively.orElse(null), configuration).write(page);
        Map<String, Counts> ofNative = natively.map(by::parts).orElse(Map.of());
        by.parts(run).forEach((whose, counts) -> {
            page.blank();
            int uncached = uncached(configuration, counts.walks().secondStage() > 0);
            tables(new RunTables(counts, whose, page), uncached);
            new RunTables(counts, whose, page).cycles(run.run(), ofNative.get(whose));
        });
        if (!run.devices().isEmpty()) {
            page.blank();
            new DevicesTable(run, configuration).write(page);
        }
        if (!run.intervals().isEmpty()) {
            page.blank();
            new IntervalTable(run, configuration).write(page);
        }
        expect();
    }

    private void tables(RunTables tables, int uncached) {
        tables.exits();
        if (details) {
            tables.details();
        }
        tables.guestHypervisors();
        page.blank();
        tables.tlb();
        page.blank();
        tables.walks(uncached);
        tables.data();
        tables.translation();
        tables.direct();
        page.blank();
    }

    /** Each guest level's table address, and the final one, goes through the whole second stage: (g+1)(e+1)-1. */
    private static int uncached(Configuration configuration, boolean nested) {
        int guest = guestLevels(configuration);
        int secondStage = nested ? levels(configuration, "host_page") : 0;
        boolean known = guest > 0 && (secondStage > 0 || !nested);
        return known ? (guest + 1) * (secondStage + 1) - 1 : 0;
    }

    /** In legacy modes walks read two levels of tables. */
    private static int guestLevels(Configuration configuration) {
        int leaf = LEAF_LEVEL.getOrDefault(configuration.ofAllVms("guest_page"), 0);
        if (configuration.ofAllVms("mode").equals("real")) {
            return 0;
        }
        boolean isLegacy = Set.of("pae", "32bit").contains(configuration.ofAllVms("mode"));
        return isLegacy && leaf > 0 ? LEGACY_LEVELS + 1 - leaf : levels(configuration, "guest_page");
    }

    /** Tables that a walk reads before it has a page of that size; 0 if the runs do not agree. */
    private static int levels(Configuration configuration, String page) {
        int leaf = LEAF_LEVEL.getOrDefault(configuration.ofAllVms(page), 0);
        String levels = configuration.text("machine.page_levels");
        boolean known = leaf > 0 && !levels.isEmpty() && !configuration.isVaried("machine.page_levels");
        return known ? Integer.parseInt(levels) + 1 - leaf : 0;
    }

    private void expect() {
        if (!result.expect().isEmpty()) {
            page.blank();
            new ExpectSection(result, page, colour).write();
        }
    }
}
