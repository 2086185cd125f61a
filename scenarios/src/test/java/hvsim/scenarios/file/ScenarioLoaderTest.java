package hvsim.scenarios.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.instruction.Instruction;
import hvsim.vmm.cpu.HardwareSpec.Feature;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioLoaderTest {
    private final Lab lab;

    ScenarioLoaderTest(@TempDir Path folder) {
        lab = new Lab(folder);
    }

    @Test
    void aFileWithOneKeyIsACompleteScenario() throws Exception {
        Scenario scenario = lab.scenario("run: {}");
        assertEquals("lab", scenario.title());
        assertEquals(List.of("vm"), List.copyOf(scenario.vms().keySet()));
        assertEquals(MemoryTechnique.NESTED, scenario.hypervisor().memory());
        assertEquals(OptionalLong.of(5_000_000), scenario.run().operations());
        assertEquals(128, scenario.machine().tlb().get("stlb").sets());
        assertEquals(SetIndex.XOR, scenario.machine().tlb().get("stlb").setIndex());
    }

    @Test
    void memoryFollowsTheCpuTechnique() throws Exception {
        assertEquals(
                MemoryTechnique.NATIVE,
                lab.scenario("hypervisor: {cpu: native}").hypervisor().memory());
    }

    @Test
    void aTlbGoesWithItsPartsAndANewOneMayTakeItsPlace() throws Exception {
        Map<String, TlbConfig> tlb = lab.scenario("machine: {tlb: {dtlb: null, stlb: {entries: 0}}}")
                .machine()
                .tlb();
        assertEquals(List.of("itlb", "itlb_2m"), List.copyOf(tlb.keySet()));
        tlb = lab.scenario("machine: {tlb: {dtlb: {entries: 72, ways: full}}}")
                .machine()
                .tlb();
        assertEquals(72, tlb.get("dtlb").ways());
    }

    @Test
    void setsThatAreNoPowerOfTwoAreFoundByModulo() throws Exception {
        Loaded loaded = lab.load("machine: {tlb: {stlb: {entries: 1000, ways: 10}, dtlb: {entries: 48}}}");
        Map<String, TlbConfig> tlb = loaded.base().scenario().machine().tlb();
        assertEquals(SetIndex.MODULO, tlb.get("stlb").setIndex());
        assertEquals(SetIndex.MODULO, tlb.get("dtlb").setIndex());
        assertTrue(
                loaded.notes().get(0).contains("the preset's 'xor' with 100 sets"),
                loaded.notes().toString());
    }

    @Test
    void equalVmsAreNumbered() throws Exception {
        Scenario scenario = lab.scenario("vms: {web: {count: 3}, db: {}}");
        assertEquals(
                List.of("web-1", "web-2", "web-3", "db"),
                List.copyOf(scenario.singleVms().keySet()));
    }

    @Test
    void instructionsMayNameTheirOperand() throws Exception {
        var entries = lab.scenario("workload: {instructions: {in 0x71: 20/M, wrmsr: 5, cpuid: 1/k}}")
                .workload()
                .instructions();
        assertEquals(
                new WorkloadConfig.InstructionRate(Instruction.IN, OptionalLong.of(0x71), new Rate(20, 1_000_000)),
                entries.get(0));
        assertEquals(
                new WorkloadConfig.InstructionRate(Instruction.WRMSR, OptionalLong.empty(), new Rate(5, 0)),
                entries.get(1));
    }

    @Test
    void aVmsWorkloadIsLaidOverTheCommonOne() throws Exception {
        Scenario scenario = lab.scenario("workload: {references: {writes: 50%}, instructions: {cpuid: 1/M}}\n"
                + "vms: {a: {workload: {references: {pattern: loop}, instructions: {cpuid: null, hlt: 3}}}, b: {}}");
        var a = (References.Synthetic) scenario.vms().get("a").workload().references();
        assertEquals(Pattern.LOOP, a.pattern());
        assertEquals("50%", a.writes().toString());
        assertEquals(
                Instruction.HLT,
                scenario.vms().get("a").workload().instructions().get(0).instruction());
        assertEquals(scenario.workload(), scenario.vms().get("b").workload());
    }

    @Test
    void aTraceRunsToItsEndUnlessToldOtherwise() throws Exception {
        lab.with("t/x.lackey", "");
        String yaml = "workload: {references: {trace: t/x.lackey}}\n";
        Scenario whole = lab.scenario(yaml);
        assertEquals(OptionalLong.empty(), whole.operations(whole.vms().get("vm")));
        Scenario cut = lab.scenario(yaml + "run: {operations: 10k}");
        assertEquals(OptionalLong.of(10_000), cut.operations(cut.vms().get("vm")));
        assertTrue(lab.errors("workload: {references: {trace: t/x.lackey, repeat: on}}")
                .contains("never ends"));
    }

    @Test
    void extendsMergesMapsReplacesValuesAndTakesAwayByNull() throws Exception {
        lab.with(
                "base.yaml",
                "title: Base\nvms: {a: {memory: 2GiB}, b: {}}\nhypervisor: {features: {exception_bitmap: [1, 2]}}\n");
        Scenario scenario = lab.scenario(
                "extends: base.yaml\nvms: {b: null, a: {count: 2}}\nhypervisor: {features: {exception_bitmap: [3]}}");
        assertEquals("Base", scenario.title());
        assertEquals(List.of("a"), List.copyOf(scenario.vms().keySet()));
        assertEquals(new Bytes(2L << 30), scenario.vms().get("a").memory());
        assertEquals(List.of(3), scenario.hypervisor().features().exceptionBitmap());
    }

    @Test
    void extendsInACircleNamesTheCircle() {
        lab.with("base.yaml", "extends: lab.yaml");
        assertTrue(lab.errors("extends: base.yaml")
                .startsWith("base.yaml:1:10: error: extends goes in a circle: lab.yaml -> base.yaml -> lab.yaml\n"));
    }

    @Test
    void aTraceIsFoundBesideTheFileThatNamesIt() throws Exception {
        lab.with("sub/t.lackey", "hello").with("sub/base.yaml", "workload: {references: {trace: t.lackey}}");
        Loaded loaded = lab.load("extends: sub/base.yaml");
        var recorded = (References.Recorded) loaded.base().scenario().workload().references();
        assertEquals("hello", new String(recorded.trace(0).open().readAllBytes(), StandardCharsets.UTF_8));
        Map<?, ?> workload = (Map<?, ?>) loaded.base().config().get("workload");
        assertEquals("sub/t.lackey", ((Map<?, ?>) workload.get("references")).get("trace"));
    }

    @Test
    void settingsWinOverTheFile() throws Exception {
        Scenario scenario = lab.scenario(
                "run: {seed: 1}",
                "run.seed=7",
                "vms.vm.memory=2GiB",
                "machine.tlb.x={level: 2, holds: fetch, pages: [4KiB], " + "entries: 8, ways: 2, hit_cycles: 1}",
                "machine.tlb.stlb=null");
        assertEquals(7, scenario.run().seed());
        assertEquals(new Bytes(2L << 30), scenario.vms().get("vm").memory());
        assertEquals(4, scenario.machine().tlb().get("x").sets());
    }

    @Test
    void pointsAreTheProductOfWhatVariesTheLastFastest() throws Exception {
        lab.with("lab.yaml", "compare: {off: {hypervisor.features.vpid: off}, as_is: {}}");
        Loaded loaded = lab.load("lab.yaml", List.of(), List.of("run.seed=1..2", "machine.tlb.stlb.entries=768,1536"));
        assertEquals(4, loaded.points().size());
        assertEquals(
                "{run.seed=1, machine.tlb.stlb.entries=1536}",
                loaded.points().get(1).varied().toString());
        Loaded.Run off = loaded.points().get(2).runs().get(0);
        assertEquals("off", off.name());
        assertEquals(
                "{run.seed=2, machine.tlb.stlb.entries=768, hypervisor.features.vpid=off}",
                off.set().toString());
        assertFalse(off.configured().scenario().hypervisor().features().has(Feature.VPID));
        assertEquals(2, off.configured().scenario().run().seed());
    }

    @Test
    void aKeyWithoutEffectIsNotedOnlyIfItHasNoneInAnyRun() throws Exception {
        String yaml = "hypervisor: {features: {vpid: off}}\nworkload: {references: {pattern: uniform, skew: 0.5}}\n";
        Loaded one = lab.load(yaml + "compare: {a: {hypervisor.cpu: native}, b: {}}");
        assertEquals(
                List.of("lab.yaml:2:43: workload.references.skew has no effect with a pattern other than zipf"),
                one.notes().stream().map(lab::plain).toList());
        Loaded none = lab.load(yaml + "compare: {a: {hypervisor.cpu: native}}");
        assertEquals(
                "lab.yaml:1:25: hypervisor.features.vpid has no effect with hypervisor.cpu 'native'",
                lab.plain(none.notes().get(0)));
    }

    @Test
    void theConfigOfAResultIsTheSameScenarioAgain() throws Exception {
        for (String yaml : List.of(
                "run: {}",
                "machine: {tlb: {dtlb_1g: null, stlb: {entries: 1024, ways: 8}}}",
                "hypervisor: {cpu: native}",
                "workload: {instructions: {in 0x71: 20/M}}\nvms: {a: {workload: {references: {pattern: stride}, instructions: {in 0x71: null}}}, b: {}}",
                "compare: {a: {hypervisor.cpu: native}, b: {machine.tlb.dtlb.entries: 48}}\nvms: {a: {workload: {cycles_per_operation: 2}}, b: {}}",
                "workload: {phases: {a: {operations: 1k, references: {pattern: loop}}, b: {operations: 1k}}}",
                "title: 'a: \"b\" # c'\nabout: |\n  two\n  lines\nexpect: ['slowdown < 2']")) {
            Loaded first = lab.load(yaml);
            String again = again(first);
            Loaded second = lab.load(again);
            assertEquals(first.points().size(), second.points().size());
            for (int i = 0; i < first.points().get(0).runs().size(); i++) {
                Scenario a = first.points().get(0).runs().get(i).configured().scenario();
                Scenario b = second.points().get(0).runs().get(i).configured().scenario();
                assertEquals(a.machine(), b.machine(), again);
                assertEquals(a.hypervisor(), b.hypervisor(), again);
                assertEquals(a.vms(), b.vms(), again);
                assertEquals(a.run(), b.run(), again);
                assertEquals(a.about(), b.about(), again);
            }
        }
    }

    private static String again(Loaded loaded) {
        Map<String, Object> config = loaded.base().config();
        return EffectiveText.of(new Configured(loaded.base().scenario(), config, config, Map.of(), List.of()));
    }

    @Test
    void theConfigOfAResultHasNoOtherNotes() throws Exception {
        for (String yaml : List.of(
                "run: {}",
                "hypervisor: {cpu: native}",
                "vms: {vm: {weight: 200}}",
                "workload: {phases: {a: {operations: 1k, references: {pattern: loop}}, b: {operations: 1k}}}",
                "workload: {references: {skew: 0.5}, phases: {a: {operations: 1k, references: {pattern: loop}}, b: {operations: 1k}}}",
                "workload: {references: {skew: 0.5}}\nvms: {a: {workload: {references: {pattern: loop}}}, b: {workload: {cycles_per_operation: 2}}}")) {
            Loaded first = lab.load(yaml);
            assertEquals(withoutPlaces(first), withoutPlaces(lab.load(again(first))), yaml);
        }
    }

    private static List<String> withoutPlaces(Loaded loaded) {
        return loaded.notes().stream()
                .map(note -> note.substring(note.indexOf(": ")))
                .toList();
    }

    @Test
    void aJsonResultRunsAgainByItsConfig() throws Exception {
        lab.with(
                "out.json",
                "{\"schema\": \"hvsim.result/1\", \"runs\": [], \"config\": {\"run\": {\"seed\": 9, \"native\": true}}}");
        assertEquals(
                9,
                lab.load("out.json", List.of(), List.of())
                        .base()
                        .scenario()
                        .run()
                        .seed());
    }

    @Test
    void nothingLeadsOutOfTheLibrary() throws Exception {
        LibraryPlace place = new LibraryPlace("a.yaml");
        assertEquals("library:traces/x.xz", place.sibling("traces/./x.xz").shown());
        assertEquals("library:x.xz", place.sibling("traces/../x.xz").shown());
        for (String path : List.of("../x.xz", "/etc/passwd", "traces/../../x", "..", "a\\..\\..\\b", "library:../x")) {
            assertThrows(BadValueException.class, () -> place.sibling(path), path);
        }
    }
}
