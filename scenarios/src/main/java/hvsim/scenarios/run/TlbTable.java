package hvsim.scenarios.run;

import hvsim.cpu.RetentionCounts.Kept;
import hvsim.cpu.Tally;
import hvsim.scenarios.file.MachineConfig;
import hvsim.scenarios.file.TlbConfig;
import hvsim.scenarios.run.RunResult.TlbCounts;
import hvsim.tlb.Tlb;
import hvsim.tlb.TlbStats;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Look-ups and misses by the machine's names for its TLBs. At each level one TLB serves a side, fetches or data, or
 * both; what reaches the second level is what missed the first.
 */
final class TlbTable {
    // Places of RetentionCounts.
    private static final int FIRST_FETCH = 0;
    private static final int FIRST_DATA = 1;
    private static final int SECOND = 2;

    private record Counts(long lookups, long misses, long hypervisorLookups, long hypervisorMisses) {
        Counts plus(Counts other) {
            return new Counts(
                    lookups + other.lookups,
                    misses + other.misses,
                    hypervisorLookups + other.hypervisorLookups,
                    hypervisorMisses + other.hypervisorMisses);
        }
    }

    private final Tally all;
    private final long fetches;

    /** @param withFetches whether the programs fetch instructions */
    TlbTable(Tally all, boolean withFetches) {
        this.all = all;
        this.fetches = withFetches ? all.lookups(false, Tlb.FETCH_SIDE) : 0;
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
        Counts counts = of(tlb);
        Kept overExits = Kept.NONE;
        Kept overSwitches = Kept.NONE;
        long lastExit = 0;
        for (int place : places(tlb)) {
            overExits = overExits.plus(all.retention().overExits(place));
            overSwitches = overSwitches.plus(all.retention().overSwitches(place));
            lastExit += all.retention().overLastExit(place);
        }
        long hits = counts.lookups - counts.misses;
        return new TlbCounts(
                counts.lookups,
                hits,
                counts.misses,
                Ratio.of(hits, counts.lookups),
                Ratio.per1000(counts.misses, all.operations()),
                Ratio.per1000(counts.misses, fetches),
                Ratio.of(overExits.after(), overExits.before()),
                Ratio.of(overSwitches.after(), overSwitches.before()),
                all.retention().hasExited() ? (Long) lastExit : null,
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

    private Counts of(TlbConfig tlb) {
        TlbStats misses = all.core().tlb();
        boolean first = tlb.level() == 1;
        Counts fetch = first ? firstFetch(misses) : secondFetch(misses);
        Counts data = first ? firstData(misses) : secondData(misses);
        return switch (tlb.holds()) {
            case FETCH -> fetch;
            case DATA -> data;
            case ALL -> fetch.plus(data);
        };
    }

    private Counts firstFetch(TlbStats s) {
        return new Counts(
                all.lookups(false, Tlb.FETCH_SIDE),
                s.fetchMisses(),
                all.lookups(true, Tlb.FETCH_SIDE),
                s.hypervisorFetchMisses());
    }

    private Counts firstData(TlbStats s) {
        return new Counts(
                all.lookups(false, Tlb.DATA_SIDE),
                s.dataMisses(),
                all.lookups(true, Tlb.DATA_SIDE),
                s.hypervisorDataMisses());
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
