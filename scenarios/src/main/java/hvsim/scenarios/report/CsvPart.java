package hvsim.scenarios.report;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What one row of CSV is about: a whole run, or a part of it.
 *
 * @param names which one it is, under {@link #heads}
 * @param counts what was counted for it
 */
record CsvPart(List<String> names, JsonNode counts) {
    static List<String> heads(By by) {
        return switch (by) {
            case ALL -> List.of();
            case VM -> List.of("vm");
            case VCPU -> List.of("vm", "vcpu");
            case PHASE -> List.of("phase");
            case INTERVAL -> List.of("interval", "start_cycles", "end_cycles");
        };
    }

    /** The parts of a run, in the order of the result. */
    static List<CsvPart> of(By by, JsonNode run) {
        List<CsvPart> parts = new ArrayList<>();
        switch (by) {
            case ALL -> parts.add(new CsvPart(List.of(), run));
            case VM -> run.get("vms").forEachEntry((vm, counts) -> parts.add(new CsvPart(List.of(vm), counts)));
            case VCPU ->
                run.get("vms")
                        .forEachEntry((vm, all) -> all.get("vcpus")
                                .forEachEntry((vcpu, counts) -> parts.add(new CsvPart(List.of(vm, vcpu), counts))));
            case PHASE ->
                run.get("phases").forEachEntry((phase, counts) -> parts.add(new CsvPart(List.of(phase), counts)));
            case INTERVAL ->
                run.get("intervals").forEach(interval -> parts.add(interval(Integer.toString(parts.size()), interval)));
        }
        return parts;
    }

    private static CsvPart interval(String number, JsonNode interval) {
        String start = interval.get("start_cycles").asString();
        String end = interval.get("end_cycles").asString();
        return new CsvPart(List.of(number, start, end), interval);
    }
}
