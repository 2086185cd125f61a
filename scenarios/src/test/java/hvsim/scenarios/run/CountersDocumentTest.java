package hvsim.scenarios.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.scenarios.file.MeasuredNames;
import hvsim.scenarios.report.Fabricated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CountersDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/counters.md");

    @Test
    void everyPathOfARunIsExplained() throws IOException {
        Set<String> explained = explained();
        Set<String> missing = new TreeSet<>();
        for (RunResult run : Fabricated.compared().runs()) {
            collect(ResultTree.of(run), "", missing);
        }
        missing.removeIf(path -> explained.contains(path) || isPartOfAVm(path, explained) || isGroup(path, explained));
        assertEquals(Set.of(), missing);
    }

    @Test
    void everyMetricIsExplained() throws IOException {
        Set<String> explained = explained();
        List<String> missing = Metrics.forms().stream()
                .map(path -> path.replace("exits.total", "exits.REASON"))
                .filter(path -> !explained.contains(path) && !isPartOfAVm(path, explained))
                .toList();
        assertEquals(List.of(), missing);
    }

    @Test
    void theMetricsAreThePathsOfTheTree() {
        Metrics metrics = Metrics.of(new MeasuredNames(
                Set.of(), Set.of("itlb", "dtlb", "stlb"), Set.of("vm-1", "vm-2"), Set.of("0"), Set.of()));
        RunResult run = Fabricated.firstExits().runs().get(1);
        for (String path : metrics.paths()) {
            assertTrue(path.contains("exits.") || isThere(ResultTree.of(run), path), path);
        }
    }

    /** What a technique does not have is null as a whole. */
    private static boolean isThere(JsonNode tree, String path) {
        JsonNode at = tree;
        for (String key : path.split("\\.", -1)) {
            at = at.isNull() ? at : at.path(key);
        }
        return !at.isMissingNode();
    }

    /** "As {@code cycles}, with the same parts" stands for them all. */
    private static boolean isPartOfAVm(String path, Set<String> explained) {
        return explained.contains(ofAllVms(path));
    }

    private static String ofAllVms(String path) {
        return path.replaceFirst("^(vms\\.VM\\.(vcpus\\.N\\.)?|phases\\.PHASE\\.)", "");
    }

    /** A group that is null as a whole. */
    private static boolean isGroup(String path, Set<String> explained) {
        return explained.stream().anyMatch(one -> one.startsWith(ofAllVms(path) + "."));
    }

    private static Set<String> explained() throws IOException {
        return Files.readString(DOCUMENT)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .collect(Collectors.toSet());
    }

    private static void collect(JsonNode node, String path, Set<String> paths) {
        if (!node.isObject() || path.equals("set") || path.endsWith(".details")) {
            paths.add(path.replaceAll("(^|\\.)exits\\.[^.]+", "$1exits.REASON")
                    .replaceAll("(^|\\.)tlb\\.[^.]+", "$1tlb.TLB")
                    .replaceAll("(^|\\.)vcpus\\.[0-9]+", "$1vcpus.N")
                    .replaceAll("^vms\\.[^.]+", "vms.VM"));
            return;
        }
        node.properties()
                .forEach(entry -> collect(
                        entry.getValue(), path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), paths));
    }
}
