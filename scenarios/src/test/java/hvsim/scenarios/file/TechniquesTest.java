package hvsim.scenarios.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs where all techniques are asked for. */
class TechniquesTest {
    @TempDir
    private Path folder;

    /** For binary translation of 64-bit kernels. */
    private static final String SEGMENT_LIMITS = "machine.features.segment_limits=on";

    private Loaded all(String yaml, String... settings) throws ScenarioException {
        Lab lab = new Lab(folder).with("lab.yaml", yaml);
        return lab.loadForAllTechniques("lab.yaml", List.of(settings));
    }

    private static Set<String> without(String... names) {
        Set<String> left = new TreeSet<>(Techniques.all().keySet());
        List.of(names).forEach(name -> assertTrue(left.remove(name), name));
        return left;
    }

    @Test
    void eachIsARunWithItsCpuAndMemory() throws Exception {
        Loaded loaded = all("hypervisor: {cpu: hardware, memory: shadow}", SEGMENT_LIMITS);
        assertEquals(Techniques.all().keySet(), loaded.names().runs());
        loaded.points().get(0).runs().forEach(run -> {
            HypervisorConfig hypervisor = run.configured().scenario().hypervisor();
            assertEquals(Techniques.all().get(run.name()), run.set());
            assertEquals(run.set().get("hypervisor.cpu"), hypervisor.cpu().word());
            assertEquals(run.set().get("hypervisor.memory"), hypervisor.memory().word());
        });
    }

    @Test
    void whatDoesNotExistForTheMachineIsLeftOutWithTheReason() throws Exception {
        Loaded loaded = all("hypervisor: {memory: shadow}", SEGMENT_LIMITS, "machine.features.ept=off");
        assertEquals(without("nested"), new TreeSet<>(loaded.names().runs()));
        assertEquals(
                "nested is left out: hypervisor.memory 'nested': machine 'skylake-sp' has no second stage (EPT)",
                loaded.notes().get(0));
    }

    @Test
    void aPresetThatIsWrittenLeavesOutWhatTheSameOneLeavesOutByDefault() throws Exception {
        Loaded byDefault = all("title: Lab");
        Loaded written = all("machine: {preset: skylake-sp}");
        assertEquals(
                without("binary_translation"), new TreeSet<>(byDefault.names().runs()));
        assertEquals(byDefault.names().runs(), written.names().runs());
        assertEquals(byDefault.notes(), written.notes());
        assertTrue(
                written.notes().get(0).startsWith("binary_translation is left out: cpu 'binary_translation': machine"),
                written.notes().toString());
    }

    @Test
    void theFilesOwnComparisonGoesAhead() throws Exception {
        Loaded loaded = all("compare: {a: {run.seed: 2}}");
        assertEquals(Set.of("a"), loaded.names().runs());
    }

    @Test
    void expectationsAreAboutTheScenarioAsItStands() throws Exception {
        Loaded loaded = all("expect: [exits.VMCALL.samples == 1]", SEGMENT_LIMITS);
        assertTrue(loaded.base().scenario().expect().isEmpty());
        assertEquals(
                "expect is not judged: its lines are about the scenario as it stands",
                loaded.notes().get(0));
    }

    @Test
    void whatIsWrongWithTheScenarioIsNoReasonToLeaveOutATechnique() {
        ScenarioException e = assertThrows(ScenarioException.class, () -> all("machine: {coers: 2}"));
        assertFalse(e.lines().toString().contains("left out"));
        assertTrue(e.lines().get(1).contains("did you mean 'cores'"), e.lines().toString());
    }
}
