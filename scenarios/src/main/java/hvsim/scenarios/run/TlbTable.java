package hvsim.scenarios.run;

import hvsim.cpu.Retention.Kept;
import hvsim.scenarios.file.MachineConfig;
import hvsim.scenarios.file.TlbConfig;
import hvsim.scenarios.run.RunResult.TlbCounts;
import hvsim.tlb.TlbStats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Look-ups and misses by the machine's names for its TLBs. At each level one TLB serves a side, fetches or data, or
 * both; what reaches the second level is what missed the first.
 */
final class TlbTable {
    // Places of Retention.
    private static final int FIRST_FETCH = 0;
    private static final int FIRST_DATA = 1;
    private static final int SECOND = 2;

    private record Counts(long lookups, long misses, long hypervisorLookups, long hypervisorMisses) {
        static final Counts NONE = new Counts(0, 0, 0, 0);

        Counts plus(Counts other) {
            return new Counts(
                    lookups + other.lookups,
                    misses + other.misses,
                    hypervisorLookups + other.hypervisorLookups,
                    hypervisorMisses + other.hypervisorMisses);
        }
    }

    private final List<VcpuTally> vcpus;
    private final long operations;
    private final long fetches;

    /** @param withFetches whether the programs fetch instructions */
    TlbTable(List<VcpuTally> vcpus, boolean withFetches) {
        this.vcpus = vcpus;
        this.operations = vcpus.stream().mapToLong(VcpuTally::operations).sum();
        this.fetches = withFetches
                ? vcpus.stream().mapToLong(vcpu -> vcpu.guest().fetch()).sum()
                : 0;
    }

    Map<String, TlbCounts> of(MachineConfig machine) {
        Map<String, TlbCounts> table = new LinkedHashMap<>();
        machine.tlb().forEach((name, tlb) -> {
            if (tlb.beside().isEmpty()) {
                table.put(name, counts(tlb));
            }
        });
        return table;
    }

    private TlbCounts counts(TlbConfig tlb) {
        Counts counts = Counts.NONE;
        Kept overExits = Kept.NONE;
        Kept overSwitches = Kept.NONE;
        for (VcpuTally vcpu : vcpus) {
            counts = counts.plus(of(tlb, vcpu));
            for (int place : places(tlb)) {
                overExits = overExits.plus(vcpu.retention().overExits(place));
                overSwitches = overSwitches.plus(vcpu.retention().overSwitches(place));
            }
        }
        long hits = counts.lookups - counts.misses;
        return new TlbCounts(
                counts.lookups,
                hits,
                counts.misses,
                Ratio.of(hits, counts.lookups),
                Ratio.per1000(counts.misses, operations),
                Ratio.per1000(counts.misses, fetches),
                Ratio.of(overExits.after(), overExits.before()),
                Ratio.of(overSwitches.after(), overSwitches.before()),
                counts.hypervisorLookups,
                counts.hypervisorMisses);
    }

    private static int[] places(TlbConfig tlb) {
        if (tlb.level() == 2) {
            return new int[] {SECOND};
        }
        return switch (tlb.holds()) {
            case FETCH -> new int[] {FIRST_FETCH};
            case DATA -> new int[] {FIRST_DATA};
            case ALL -> new int[] {FIRST_FETCH, FIRST_DATA};
        };
    }

    private static Counts of(TlbConfig tlb, VcpuTally vcpu) {
        boolean first = tlb.level() == 1;
        Counts fetch = first ? firstFetch(vcpu) : secondFetch(vcpu.core().tlb());
        Counts data = first ? firstData(vcpu) : secondData(vcpu.core().tlb());
        return switch (tlb.holds()) {
            case FETCH -> fetch;
            case DATA -> data;
            case ALL -> fetch.plus(data);
        };
    }

    private static Counts firstFetch(VcpuTally vcpu) {
        TlbStats s = vcpu.core().tlb();
        return new Counts(
                vcpu.guest().fetch(), s.fetchMisses(), vcpu.hypervisor().fetch(), s.hypervisorFetchMisses());
    }

    private static Counts firstData(VcpuTally vcpu) {
        TlbStats s = vcpu.core().tlb();
        return new Counts(vcpu.guest().data(), s.dataMisses(), vcpu.hypervisor().data(), s.hypervisorDataMisses());
    }

    private static Counts secondFetch(TlbStats s) {
        return new Counts(
                s.fetchMisses(), s.secondFetchMisses(), s.hypervisorFetchMisses(), s.hypervisorSecondFetchMisses());
    }

    private static Counts secondData(TlbStats s) {
        return new Counts(
                s.dataMisses(), s.secondDataMisses(), s.hypervisorDataMisses(), s.hypervisorSecondDataMisses());
    }
}
