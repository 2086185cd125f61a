package hvsim.benchmarks;

import hvsim.cpu.Vcpu;
import hvsim.ept.WalkStats;
import hvsim.tlb.Tlb;
import hvsim.tlb.TlbStats;
import hvsim.vmm.Vm;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** Counts by the names that {@code reftlb} gives them, in its order. */
record ReftlbCounts(Map<String, Long> byName) {

    static ReftlbCounts of(Vm vm) {
        Vcpu vcpu = vm.vcpu(0);
        TlbStats tlb = vm.vcpus().get(0).counts().tlb();
        WalkStats walks = vm.vcpus().get(0).counts().walks();
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("refs", vcpu.operations());
        long first = put(counts, "itlb", vcpu.lookups(false, Tlb.FETCH_SIDE), tlb.fetchMisses())
                + put(counts, "dtlb", vcpu.lookups(false, Tlb.DATA_SIDE), tlb.dataMisses());
        put(counts, "stlb", first, tlb.secondFetchMisses() + tlb.secondDataMisses());
        counts.put("stlb_imiss", tlb.secondFetchMisses());
        counts.put("stlb_dmiss", tlb.secondDataMisses());
        counts.put("walks", walks.translated());
        counts.put("walk_refs", walks.guestReferences() + walks.secondStageReferences());
        counts.put("guest_refs", walks.guestReferences());
        counts.put("ept_refs", walks.secondStageReferences());
        return new ReftlbCounts(counts);
    }

    private static long put(Map<String, Long> counts, String level, long lookups, long misses) {
        counts.put(level + "_lookups", lookups);
        counts.put(level + "_hits", lookups - misses);
        counts.put(level + "_misses", misses);
        return misses;
    }

    /** {@code refs=5938457 itlb_lookups=4461971 ...}. */
    @Override
    public String toString() {
        StringJoiner words = new StringJoiner(" ");
        byName.forEach((name, count) -> words.add(name + "=" + count));
        return words.toString();
    }
}
