package hvsim.scenarios.file;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EveryKeyIsDocumentedTest {
    private static final Path PAGE = Path.of("..", "docs", "scenario-format.md");
    private static final java.util.regex.Pattern EXAMPLE =
            java.util.regex.Pattern.compile("```yaml\n(.*?)```", java.util.regex.Pattern.DOTALL);

    /** Keys without effect are not among the effective ones. */
    private static final String ALL_HAVE_EFFECT = """
            machine: {cores: 2, sockets: 2, page_levels: 5, walk: {cost: caches, overlap: 50%}}
            hypervisor:
              scheduler: {policy: proportional_share}
              handlers: {ports: user_space}
              type: hosted
              host: {passage: world_switch}
              features: {exception_bitmap: [14], hlt_exiting: on, invlpg_exiting: on, rdtsc_exiting: on}
            vms: {vm: {vcpus: 2}}
            workload:
              hostile: {interrupts_off: 1/M}
              kernel: {process_switch: 1/k, map: 1/k, unmap: 1/k, syscall: 1/k, lock: 1/k, timer: 250Hz}
            """;

    private static final String DEVICES = """
            machine: {devices: {nic0: {kind: nic}}}
            vms: {vm: {devices: {nic0: {traffic: {receive: 1k/s}}}}}
            """;

    @Test
    void everyKeyWordAndInstructionIsOnThePage(@TempDir Path folder) throws Exception {
        String page = Files.readString(PAGE);
        Lab lab = new Lab(folder).with("t", "");
        Set<String> keys =
                new TreeSet<>(Set.of("extends", "beside", "trace", "repeat", "time", "stride", "hot", "hits", "run"));
        for (String yaml :
                List.of("run: {}", DEVICES, ALL_HAVE_EFFECT, ALL_HAVE_EFFECT.replace("hosted", "bare_metal"))) {
            collect(lab.load(yaml).base().effective(), keys);
        }
        keys.removeAll(Library.machines());
        Stream.of(
                        Pattern.class,
                        Holds.class,
                        SetIndex.class,
                        Backing.class,
                        Paging.class,
                        CpuTechnique.class,
                        HypervisorType.class,
                        HostPassage.class,
                        DeviceKind.class,
                        DeviceTechnique.class,
                        Sharing.class,
                        Arrivals.class)
                .map(Class::getEnumConstants)
                .flatMap(Stream::of)
                .filter(Choice.class::isInstance)
                .forEach(choice -> keys.add(((Choice) choice).word()));
        Set<String> words = Stream.of(page.split("[^A-Za-z0-9_]+")).collect(Collectors.toSet());
        keys.removeAll(words);
        assertEquals(Set.of(), keys, "not on the page");
    }

    @SuppressWarnings("unchecked")
    private static void collect(Map<String, Object> group, Set<String> keys) {
        group.forEach((key, value) -> {
            boolean isNamed = Set.of("tlb", "vms", "devices").contains(key);
            keys.add(key);
            if (value instanceof Map<?, ?> map && isNamed) {
                map.values().forEach(named -> collect((Map<String, Object>) named, keys));
            } else if (value instanceof Map) {
                collect((Map<String, Object>) value, keys);
            }
        });
    }

    @Test
    void everyExampleOnThePageIsAScenario(@TempDir Path folder) throws IOException {
        Lab lab = new Lab(folder);
        List<String> examples = EXAMPLE.matcher(Files.readString(PAGE))
                .results()
                .map(result -> result.group(1))
                .toList();
        assertTrue(examples.size() > 8, "examples were found");
        for (String example : examples) {
            String alone = example.replace("extends: first-exits\n", "");
            assertDoesNotThrow(() -> lab.load(alone), example);
        }
    }
}
