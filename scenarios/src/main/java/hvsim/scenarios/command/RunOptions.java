package hvsim.scenarios.command;

import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.report.By;
import hvsim.scenarios.report.Layout;
import hvsim.scenarios.report.ReportFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that runs something. */
final class RunOptions {
    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Change one value; wins over the file. Repeatable.")
    private List<String> set = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Also write the result; the suffix says how: .txt .json .jsonl .csv. Repeatable.")
    private List<String> out = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "text|json|csv",
            converter = FormatConverter.class,
            description = "What to print on standard output. Default: text.")
    private ReportFormat format = ReportFormat.TEXT;

    @Option(
            names = "--by",
            paramLabel = "vm|vcpu|phase|interval",
            converter = ByConverter.class,
            description = "Split the tables of the text report, and the rows of CSV. Default: totals.")
    private By by = By.ALL;

    @Mixin
    private CsvOptions csv = new CsvOptions();

    @Option(names = "--details", description = "Tell exits apart by register, port, MSR or vector.")
    private boolean details;

    @Option(names = "--width", paramLabel = "N", description = "Columns of the text report, at least 40. Default: 80.")
    private int width = Layout.DEFAULT_WIDTH;

    @Option(
            names = "--limit",
            paramLabel = "TIME",
            converter = LimitConverter.class,
            description = "Stop after this much real time, such as 60s; the result is then partial.")
    private Long limitNanos;

    @Option(names = "--lenient", description = "Leave out what is damaged in traces, and count it: run.lenient.")
    private boolean lenient;

    @Option(names = "--strict", description = "Take notes for errors.")
    private boolean strict;

    @Option(names = "--quiet", description = "No progress and no notes on standard error.")
    private boolean quiet;

    /** What the command line says about the scenario itself. */
    List<String> set() {
        List<String> all = new ArrayList<>(set);
        if (lenient) {
            all.add("run.lenient=on");
        }
        return all;
    }

    /** @param loaded what will run */
    Layout layout(Loaded loaded, boolean sideBySide, boolean colour) {
        if (width < Layout.LEAST_WIDTH) {
            throw new WrongOptionException("--width " + width + ": a report needs at least " + Layout.LEAST_WIDTH, "");
        }
        checkParts(loaded);
        return new Layout(width, sideBySide, colour, by, details, csv.layout(loaded.names(), by, writesCsv()));
    }

    /** Tables split by what is not there would be none. */
    private void checkParts(Loaded loaded) {
        boolean lacksPhases = by == By.PHASE && loaded.names().phases().isEmpty();
        boolean lacksIntervals = by == By.INTERVAL
                && loaded.runs().noneMatch(scenario -> scenario.run().interval().isPresent());
        if (lacksPhases) {
            throw new WrongOptionException("--by phase: the scenario has no phases", "they are workload.phases");
        }
        if (lacksIntervals) {
            throw new WrongOptionException(
                    "--by interval: the scenario has no intervals", "--set run.interval=1ms makes some");
        }
    }

    private boolean writesCsv() {
        return format == ReportFormat.CSV
                || out.stream().anyMatch(name -> ReportFormat.ofFile(name).equals(Optional.of(ReportFormat.CSV)));
    }

    List<String> out() {
        return out;
    }

    ReportFormat format() {
        return format;
    }

    OptionalLong limitNanos() {
        return limitNanos == null ? OptionalLong.empty() : OptionalLong.of(limitNanos);
    }

    boolean isStrict() {
        return strict;
    }

    boolean isQuiet() {
        return quiet;
    }
}
