package hvsim.scenarios.report;

import hvsim.scenarios.run.RunResult;
import hvsim.scenarios.run.RunResult.Counts;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the tables of a report are split by. */
public enum By {
    ALL,
    VM,
    VCPU,
    PHASE,
    INTERVAL;

    /** The counts of each part of a run, by what heads of tables say of it. */
    Map<String, Counts> parts(RunResult run) {
        Map<String, Counts> parts = new LinkedHashMap<>();
        switch (this) {
            case ALL -> parts.put("", run.counts());
            case VM -> run.vms().forEach((name, vm) -> parts.put(" of " + name, vm.counts()));
            case VCPU ->
                run.vms()
                        .forEach((name, vm) -> vm.vcpus()
                                .forEach((number, vcpu) -> parts.put(" of " + name + ", vCPU " + number, vcpu)));
            case PHASE -> run.phases().forEach((name, phase) -> parts.put(" of phase " + name, phase));
            case INTERVAL ->
                run.intervals().forEach(interval -> parts.put(" of interval " + parts.size(), interval.counts()));
        }
        return parts;
    }

    /** The record of results that holds one part. */
    Class<?> type() {
        return switch (this) {
            case ALL -> RunResult.class;
            case VM -> RunResult.VmCounts.class;
            case VCPU, PHASE, INTERVAL -> Counts.class;
        };
    }
}
