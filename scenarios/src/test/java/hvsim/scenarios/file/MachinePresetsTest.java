package hvsim.scenarios.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.vmm.cpu.HardwareSpec.Feature;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MachinePresetsTest {
    private static final Set<String> WITHOUT_EPT = Set.of("prescott", "penryn");

    @TempDir
    private Path folder;

    private Lab lab;

    @BeforeEach
    void open() {
        lab = new Lab(folder);
    }

    private static Iterable<String> machines() {
        return Library.machines();
    }

    @ParameterizedTest
    @MethodSource("machines")
    void everyPresetIsAMachineWhoseFeaturesTheHypervisorUses(String preset) throws Exception {
        String cpu = WITHOUT_EPT.contains(preset) ? "native" : "hardware";
        Scenario scenario = lab.scenario("machine: {preset: " + preset + "}\nhypervisor: {cpu: " + cpu + "}\n");
        MachineConfig machine = scenario.machine();
        Features features = scenario.hypervisor().features();
        assertEquals(preset, machine.preset());
        assertEquals(machine.has(MachineFeature.VPID), features.has(Feature.VPID));
        assertEquals(machine.has(MachineFeature.EPT_ACCESSED_DIRTY), features.has(Feature.EPT_ACCESSED_DIRTY));
        assertEquals(machine.has(MachineFeature.PREEMPTION_TIMER), features.has(Feature.PREEMPTION_TIMER));
        assertEquals(machine.has(MachineFeature.UNRESTRICTED_GUEST), features.has(Feature.UNRESTRICTED_GUEST));
        assertEquals(preset.startsWith("zen") ? Vendor.AMD : Vendor.INTEL, machine.vendor());
    }

    @ParameterizedTest
    @ValueSource(strings = {"prescott", "penryn"})
    void nestedPagingNeedsEpt(String preset) {
        assertEquals(
                "lab.yaml:1:19: error: hypervisor.memory 'nested' (the default): machine '" + preset
                        + "' has no second stage (EPT)\n"
                        + "    use hypervisor.memory: shadow, a machine with EPT, or machine.features.ept: on, for silicon"
                        + " that has it\n"
                        + "1 error in lab.yaml; nothing was run",
                lab.errors("machine: {preset: " + preset + "}\n"));
        assertTrue(lab.errors("machine: {preset: " + preset + "}\nhypervisor: {memory: nested}\n")
                .startsWith("lab.yaml:2:22: error: hypervisor.memory 'nested': machine"));
    }

    @Test
    void whatTheMachineLacksCannotBeSwitchedOn() {
        assertEquals("""
                lab.yaml:2:45: error: hypervisor.features.ept_accessed_dirty: machine 'nehalem' does not have it
                    leave it off; or machine.features.ept_accessed_dirty: on, for silicon that has it
                1 error in lab.yaml; nothing was run""", lab.errors("machine: {preset: nehalem}\nhypervisor: {features: {ept_accessed_dirty: on}}\n"));
    }

    @Test
    void unrestrictedGuestsCameLaterThanEpt() {
        assertEquals("""
                lab.yaml:2:45: error: hypervisor.features.unrestricted_guest: machine 'nehalem' does not have it
                    leave it off; or machine.features.unrestricted_guest: on, for silicon that has it
                1 error in lab.yaml; nothing was run""", lab.errors("machine: {preset: nehalem}\nhypervisor: {features: {unrestricted_guest: on}}\n"));
    }

    @Test
    void pcidAndPagesOf1GibAreTheMachines() throws Exception {
        assertFalse(
                lab.scenario("machine: {preset: nehalem}\n").workload().kernel().pcid());
        assertTrue(lab.errors("machine: {preset: zen-2}\nworkload: {kernel: {pcid: on}}\n")
                .startsWith("lab.yaml:2:27: error: workload.kernel.pcid: machine 'zen-2' does not have it\n"));
        assertTrue(lab.errors("machine: {preset: nehalem}\nvms: {vm: {host_page: 1GiB}}\n")
                .startsWith("lab.yaml:2:23: error: vms.vm.host_page: machine 'nehalem' has no pages of 1GiB\n"));
    }

    @Test
    void nestedTablesOfAmdAlwaysHaveAccessedAndDirtyFlags() {
        assertTrue(lab.errors("machine: {preset: zen-4}\nhypervisor: {features: {ept_accessed_dirty: off}}\n")
                .startsWith(
                        "lab.yaml:2:45: error: hypervisor.features.ept_accessed_dirty: nested tables of AMD always"));
    }

    @Test
    void siliconThatWasNeverMadeCanBeAskedFor() throws Exception {
        Scenario scenario = lab.scenario("machine: {preset: penryn, features: {ept: on, vpid: on}}\n");
        assertEquals(MemoryTechnique.NESTED, scenario.hypervisor().memory());
        assertTrue(scenario.hypervisor().features().has(Feature.VPID));
    }

    @Test
    void aFileLiesOverThePresetThatItNames() throws Exception {
        lab.with("mine.yaml", "preset: more/base.yaml\nclock: 3GHz\ntlb: {dtlb: {entries: 128}, dtlb_1g: null}\n");
        lab.with("more/base.yaml", "preset: haswell\nclock: 1GHz\npage_levels: 5\nsources: {page_levels: assumed}\n");
        Loaded loaded = lab.load("machine: {preset: mine.yaml, cores: 1}\n");
        MachineConfig machine = loaded.base().scenario().machine();
        assertEquals("3GHz", machine.clock().toString());
        assertEquals(5, machine.pageLevels());
        assertEquals(128, machine.tlb().get("dtlb").entries());
        assertEquals(1024, machine.tlb().get("stlb").entries());
        assertFalse(machine.tlb().containsKey("dtlb_1g"));
        Map<String, String> sources = loaded.base().sources();
        assertEquals("preset haswell: B028 CPUID descriptor C1H", sources.get("machine.tlb.stlb.entries"));
        assertEquals(folder.resolve("more/base.yaml") + ": assumed", sources.get("machine.page_levels"));
    }

    @Test
    void presetsInACircleAreAnError() {
        lab.with("a.yaml", "preset: b.yaml\n").with("b.yaml", "preset: a.yaml\n");
        assertTrue(
                lab.errors("machine: {preset: a.yaml}\n")
                        .startsWith(
                                "b.yaml:1:9: error: machine.preset: presets go in a circle: a.yaml -> b.yaml -> a.yaml\n"),
                lab.errors("machine: {preset: a.yaml}\n"));
    }

    @Test
    void aPresetThatNamesNoneSaysWhere() {
        lab.with("a.yaml", "preset: heswell\n").with("b.yaml", "preset: [haswell]\n");
        assertTrue(lab.errors("machine: {preset: a.yaml}\n")
                .startsWith("a.yaml:1:9: error: machine.preset: 'heswell': there is no such preset\n"));
        assertTrue(lab.errors("machine: {preset: b.yaml}\n").startsWith("b.yaml:1:9: error: preset: is a list\n"));
    }
}
