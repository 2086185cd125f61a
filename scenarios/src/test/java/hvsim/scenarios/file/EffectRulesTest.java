package hvsim.scenarios.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EffectRulesTest {
    @Test
    void everyRuleIsALineOfTheManual() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "scenario-format.md"));
        List<String> lines = page.replace("`", "").lines().toList();
        List<EffectRule<?>> missing = Stream.<List<? extends EffectRule<?>>>of(
                        EffectRules.OF_SCENARIO,
                        FeatureEffectRules.OF_SCENARIO,
                        HostEffectRules.OF_SCENARIO,
                        FillEffectRules.OF_SCENARIO,
                        EffectRules.OF_TLB,
                        EffectRules.OF_VM,
                        WorkloadEffectRules.OF_REFERENCES,
                        WorkloadEffectRules.OF_KERNEL,
                        WorkloadEffectRules.OF_HOSTILE)
                .<EffectRule<?>>flatMap(List::stream)
                .filter(rule -> lines.stream().noneMatch(line -> tells(line, rule)))
                .toList();
        assertEquals(List.of(), missing);
    }

    private static boolean tells(String line, EffectRule<?> rule) {
        List<String> words = List.of(line.split("[ |,]+", -1));
        return line.contains(" " + rule.why() + " |") && words.containsAll(rule.paths());
    }
}
