package hvsim.scenarios.run;

import hvsim.cpu.ExitCounts;
import hvsim.cpu.state.Passage;
import hvsim.cpu.svm.SvmExit;
import hvsim.cpu.vmx.ExitReason;
import hvsim.scenarios.file.Vendor;
import hvsim.scenarios.run.RunResult.Exits;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Passages to the hypervisor, VM exits or traps, by reason, those that occurred, in the order of their numbers, and all together. */
final class ExitTable {
    private ExitTable() {}

    /** @param vendor whose numbers and names the exits have; the keys are VT-x's words in any case */
    static Map<String, Exits> of(ExitCounts counts, Vendor vendor) {
        Map<String, Exits> table = new LinkedHashMap<>();
        ExitCounts.PASSAGES.stream()
                .filter(reason -> counts.samples(reason) > 0)
                .sorted(Comparator.comparingInt(Passage::number))
                .forEach(reason -> table.put(reason.name(), exits(reason, counts, vendor)));
        table.put("total", total(List.copyOf(table.values())));
        return table;
    }

    private static Exits exits(Passage reason, ExitCounts counts, Vendor vendor) {
        Map<String, Long> details = new LinkedHashMap<>();
        counts.details(reason).forEach((detail, count) -> details.put(ExitDetail.name(reason, detail), count));
        long samples = counts.samples(reason);
        long cycles = counts.cycles(reason);
        Optional<SvmExit> svm =
                vendor == Vendor.AMD && reason instanceof ExitReason exit ? SvmExit.of(exit) : Optional.empty();
        return new Exits(
                svm.map(SvmExit::code).orElse(reason.number()),
                svm.map(exit -> exit.named((ExitReason) reason)).orElse(reason.sdmName()),
                samples,
                cycles,
                counts.minCycles(reason),
                counts.maxCycles(reason),
                Ratio.of(cycles, samples),
                details);
    }

    private static Exits total(List<Exits> reasons) {
        long samples = reasons.stream().mapToLong(Exits::samples).sum();
        long cycles = reasons.stream().mapToLong(Exits::cycles).sum();
        long least = reasons.stream()
                .filter(exits -> exits.samples() > 0)
                .mapToLong(Exits::minCycles)
                .min()
                .orElse(0);
        long most = reasons.stream().mapToLong(Exits::maxCycles).max().orElse(0);
        return new Exits(null, null, samples, cycles, least, most, Ratio.of(cycles, samples), Map.of());
    }
}
