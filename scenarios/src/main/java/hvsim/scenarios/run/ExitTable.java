package hvsim.scenarios.run;

import hvsim.cpu.ExitCounts;
import hvsim.cpu.svm.SvmExit;
import hvsim.cpu.vmx.ExitReason;
import hvsim.scenarios.file.Vendor;
import hvsim.scenarios.run.RunResult.Exits;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** VM exits of several VMs by reason, those that occurred, in the order of their numbers, and all together. */
final class ExitTable {
    private ExitTable() {}

    /** @param vendor whose numbers and names the exits have; the keys are VT-x's words in any case */
    static Map<String, Exits> of(List<ExitCounts> vms, Vendor vendor) {
        Map<String, Exits> table = new LinkedHashMap<>();
        Stream.of(ExitReason.values())
                .filter(reason -> vms.stream().anyMatch(vm -> vm.samples(reason) > 0))
                .sorted(Comparator.comparingInt(ExitReason::number))
                .forEach(reason -> table.put(reason.name(), exits(reason, vms, vendor)));
        table.put("total", total(List.copyOf(table.values())));
        return table;
    }

    private static Exits exits(ExitReason reason, List<ExitCounts> vms, Vendor vendor) {
        Map<Long, Long> details = new TreeMap<>();
        vms.forEach(vm -> vm.details(reason).forEach((detail, count) -> details.merge(detail, count, Long::sum)));
        Map<String, Long> named = new LinkedHashMap<>();
        details.forEach((detail, count) -> named.put(ExitDetail.name(reason, detail), count));
        long samples = vms.stream().mapToLong(vm -> vm.samples(reason)).sum();
        long cycles = vms.stream().mapToLong(vm -> vm.cycles(reason)).sum();
        long least = vms.stream()
                .filter(vm -> vm.samples(reason) > 0)
                .mapToLong(vm -> vm.minCycles(reason))
                .min()
                .orElse(0);
        long most = vms.stream().mapToLong(vm -> vm.maxCycles(reason)).max().orElse(0);
        Optional<SvmExit> svm = vendor == Vendor.AMD ? SvmExit.of(reason) : Optional.empty();
        return new Exits(
                svm.map(SvmExit::code).orElse(reason.number()),
                svm.map(exit -> exit.named(reason)).orElse(reason.sdmName()),
                samples,
                cycles,
                least,
                most,
                Ratio.of(cycles, samples),
                named);
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
