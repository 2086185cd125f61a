package hvsim.scenarios.report;

import hvsim.scenarios.run.RunResult;
import hvsim.scenarios.run.RunResult.Cycles;
import hvsim.scenarios.run.RunResult.Exits;
import hvsim.scenarios.run.RunResult.GuestHypervisors;
import hvsim.scenarios.run.RunResult.Served;
import hvsim.scenarios.run.RunResult.TlbCounts;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The tables that put runs side by side; rows that are zero in every run are left out. */
final class CompareTables {
    private static final long SHOWN_IN_MILLIONS = 10_000_000;

    private final List<RunResult> runs;
    private final SideBySide table;

    CompareTables(List<RunResult> runs) {
        this.runs = runs;
        this.table = new SideBySide(runs);
    }

    void write(Page page) {
        goals();
        writeCounts(page);
    }

    /** Without the goals, which only a whole run has. */
    void writeCounts(Page page) {
        exits();
        guestHypervisors();
        table.headline("");
        tlbAndWalks();
        table.headline("");
        cycles();
        table.write(page);
    }

    private void goals() {
        table.row("fidelity", run -> Cells.word(isNative(run) ? null : run.fidelity()));
        table.row("slowdown", run -> Cells.slowdown(run.slowdown()));
        table.row("safety", run -> Cells.word(run.safety()));
        runs.forEach(run -> Goals.findings(run).forEach(finding -> table.headline(run, finding)));
    }

    private void exits() {
        List<String> reasons = names(run -> run.counts().exits()).stream()
                .filter(reason -> !reason.equals("total") && mostSamples(reason) > 0)
                .sorted(Comparator.comparingLong(reason -> -mostSamples(reason)))
                .toList();
        if (reasons.isEmpty()) {
            table.row("exits", run -> isNative(run) ? Cells.UNDEFINED : "0");
            return;
        }
        table.headline("EXITS (samples)");
        reasons.forEach(reason -> table.row(reason, run -> samples(run, reason)));
        table.row("total", run -> samples(run, "total"));
    }

    private void guestHypervisors() {
        if (runs.stream().allMatch(run -> run.counts().guestHypervisors() == null)) {
            return;
        }
        table.headline("GUEST HYPERVISORS");
        table.row("exits got", run -> total(run.counts().guestHypervisors(), GuestHypervisors::exits));
        table.row("own exits", run -> total(run.counts().guestHypervisors(), GuestHypervisors::ownExits));
        table.row("exits per exit", run -> {
            GuestHypervisors guestHypervisors = run.counts().guestHypervisors();
            return Cells.fixed(guestHypervisors == null ? null : guestHypervisors.exitsPerExit(), 2);
        });
    }

    private static String total(
            @Nullable GuestHypervisors guestHypervisors, Function<GuestHypervisors, Map<String, Exits>> exits) {
        Exits total =
                guestHypervisors == null ? null : exits.apply(guestHypervisors).get("total");
        return total == null ? Cells.UNDEFINED : Digits.grouped(total.samples());
    }

    private long mostSamples(String reason) {
        return runs.stream()
                .map(run -> run.counts().exits().get(reason))
                .mapToLong(exits -> exits == null ? 0 : exits.samples())
                .max()
                .orElse(0);
    }

    private static String samples(RunResult run, String reason) {
        if (isNative(run)) {
            return Cells.UNDEFINED;
        }
        Exits exits = run.counts().exits().get(reason);
        return exits == null ? "0" : Digits.grouped(exits.samples());
    }

    private void tlbAndWalks() {
        table.headline("TLB and WALKS");
        Set<String> tlbs = names(run -> run.counts().tlb());
        tlbs.forEach(tlb -> share(tlb, " hit rate", 4, TlbCounts::hitRate));
        tlbs.forEach(tlb -> share(tlb, " kept exit", 1, TlbCounts::keptExit));
        tlbs.forEach(tlb -> share(tlb, " kept switch", 1, TlbCounts::keptSwitch));
        count("walks", run -> run.counts().walks().count());
        count("references", run -> run.counts().walks().references());
        count("  guest", run -> run.counts().walks().guest());
        count("  second stage", run -> run.counts().walks().secondStage());
        served("l1", Served::l1);
        served("l2", Served::l2);
        served("l3", Served::l3);
        served("memory", Served::memory);
        served("memory_remote", Served::memoryRemote);
    }

    private void served(String level, Function<Served, Long> value) {
        if (runs.stream()
                .anyMatch(run -> isSome(value.apply(run.counts().walks().served())))) {
            table.row(
                    "  served by " + level,
                    run -> grouped(value.apply(run.counts().walks().served())));
        }
    }

    private static boolean isSome(@Nullable Long count) {
        return count != null && count > 0;
    }

    private static String grouped(@Nullable Long count) {
        return count == null ? Cells.UNDEFINED : Digits.grouped(count);
    }

    private void share(String tlb, String what, int decimals, Function<TlbCounts, Double> value) {
        boolean defined = runs.stream()
                .anyMatch(run -> run.counts().tlb().containsKey(tlb)
                        && value.apply(run.counts().tlb().get(tlb)) != null);
        if (defined) {
            table.row(
                    tlb + what,
                    run -> Cells.percent(
                            run.counts().tlb().containsKey(tlb)
                                    ? value.apply(run.counts().tlb().get(tlb))
                                    : null,
                            decimals));
        }
    }

    private void count(String label, ToLongFunction<RunResult> value) {
        if (runs.stream().anyMatch(run -> value.applyAsLong(run) > 0)) {
            table.row(label, run -> Digits.grouped(value.applyAsLong(run)));
        }
    }

    private void cycles() {
        boolean millions =
                runs.stream().map(run -> run.counts().cycles()).anyMatch(c -> c.total() >= SHOWN_IN_MILLIONS);
        table.headline(millions ? "CYCLES in millions" : "CYCLES");
        for (CyclePart part : CyclePart.ALL) {
            if (part.isTotal()
                    || runs.stream().anyMatch(run -> part.of(run.counts().cycles()) > 0)) {
                table.row(
                        part.name(),
                        run -> cycles(part.of(run.counts().cycles()), millions),
                        run -> share(part, run.counts().cycles()));
            }
        }
    }

    private static String cycles(long cycles, boolean millions) {
        return millions ? Digits.fixed(cycles / 1e6, 2) : Digits.grouped(cycles);
    }

    private static String share(CyclePart part, Cycles cycles) {
        return Cells.share(part.of(cycles), cycles.total(), 1);
    }

    private Set<String> names(Function<RunResult, Map<String, ?>> map) {
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(run -> names.addAll(map.apply(run).keySet()));
        return names;
    }

    private static boolean isNative(RunResult run) {
        return run.run().equals(TextReport.NATIVE);
    }
}
