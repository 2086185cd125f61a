package hvsim.scenarios.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.file.ScenarioLoader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each line is a key, two values of it, the condition under which it has no effect, and what undoes the condition. Under
 * the condition the key is noted, and the results with both values are the same to the byte; without it, it is not
 * noted.
 */
class KeysWithoutEffectTest {
    /** A little of everything that a guest can do, on two cores. */
    private static final List<String> BUSY = List.of(
            "run.operations=20k",
            "machine.cores=2",
            "vms.vm={vcpus: 2, memory: 64MiB}",
            "workload.references={working_set: 1MiB}",
            "workload.instructions={cpuid: 1/k, in: 1/k, invlpg: 10, rdtsc: 10, pause: 10}",
            "workload.kernel={process_switch: 1/k, map: 1/k, unmap: 500/M, syscall: 1/k, lock: 500/M}");

    private static final String NATIVE = "hypervisor.cpu=native";
    private static final String TRAPS = "hypervisor.cpu=trap_and_emulate";
    private static final String TRANSLATED = "machine.features.segment_limits=on; hypervisor.cpu=binary_translation";
    private static final String REAL = "vms.vm={mode: real, vcpus: 1}; workload.references.working_set=256KiB;"
            + " workload.instructions.invlpg=0; workload.kernel={process_switch: 0, map: 0, unmap: 0, lock: 0}";
    private static final String CACHES = "machine.walk.cost=caches";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "machine.features.vpid | on | off | " + NATIVE + " | hypervisor.cpu=hardware",
                "machine.features.unrestricted_guest | on | off | " + NATIVE + "; " + REAL
                        + " | hypervisor.cpu=hardware",
                "machine.features.tpr_shadow | on | off | " + NATIVE + " | hypervisor.cpu=hardware",
                "hypervisor.features.vmcs_shadowing | on | off | machine.cores=2 | vms.vm.hypervisor={}",
                "machine.features.vmcs_shadowing | on | off | machine.cores=2 | vms.vm.hypervisor={}",
                "hypervisor.features.tpr_shadow | on | off | vms.vm.hypervisor={} | vms.vm.hypervisor=null",
                "hypervisor.features.virtual_interrupts | on | off | vms.vm.hypervisor={} | vms.vm.hypervisor=null",
                "machine.sockets | 1 | 2 | machine.walk.cost=fixed | " + CACHES,
                "machine.fracture_flush | on | off | " + NATIVE + " | hypervisor.cpu=hardware",
                "machine.walk.guest_cache.pml5e | 0 | 4 | machine.page_levels=4 | machine.page_levels=5",
                "machine.walk.second_stage_cache.pml5e | 0 | 4 | machine.page_levels=4 | machine.page_levels=5",
                "machine.walk.second_stage_cache.pde | 0 | 4 | " + NATIVE + " | hypervisor.cpu=hardware",
                "machine.walk.nested_tlb | 0 | 16 | " + NATIVE + " | hypervisor.cpu=hardware",
                "machine.walk.fixed_cycles | 1 | 500 | " + CACHES + " | machine.walk.cost=fixed",
                "machine.walk.walkers | 1 | 4 | machine.walk.overlap=0% | machine.walk.overlap=50%",
                "machine.caches.l1.hit_cycles | 1 | 90 | machine.walk.cost=fixed | " + CACHES,
                "machine.caches.holds | walks | all | machine.walk.cost=fixed | " + CACHES,
                "machine.cycles.memory | 1 | 900 | machine.walk.cost=fixed | " + CACHES,
                "machine.caches.l2.ways | 1 | 8 | " + CACHES
                        + "; machine.caches.l2.size=0B | machine.caches.l2.size=64KiB",
                "machine.caches.l3.hit_cycles | 1 | 99 | " + CACHES
                        + "; machine.caches.l3.size=0B | machine.caches.l3.size=11MiB",
                "machine.cycles.memory_remote | 1 | 900 | " + CACHES + " | machine.sockets=2",
                "machine.cycles.vm_exit | 1 | 900 | " + NATIVE + " | hypervisor.cpu=hardware",
                "machine.cycles.vm_entry | 1 | 900 | " + NATIVE + " | hypervisor.cpu=hardware",
                "machine.cycles.vm_exit | 1 | 900 | " + TRAPS + " | hypervisor.cpu=hardware",
                "hypervisor.features.vpid | on | off | " + TRAPS + " | hypervisor.cpu=hardware",
                "hypervisor.cycles.CPUID | 1 | 9000 | " + TRAPS + " | hypervisor.cpu=hardware",
                "machine.walk.nested_tlb | 0 | 16 | hypervisor.cpu=paravirtual | hypervisor.cpu=hardware",
                "hypervisor.paravirtual.batch | 1 | 90 | " + TRAPS + " | hypervisor.cpu=paravirtual",
                "hypervisor.cycles.HYPERCALL | 1 | 9000 | " + TRAPS + " | hypervisor.cpu=paravirtual",
                "vms.vm.host_page | 4KiB | 2MiB | hypervisor.cpu=paravirtual | hypervisor.cpu=hardware",
                "vms.vm.backing | demand | premapped | hypervisor.cpu=paravirtual | hypervisor.cpu=hardware",
                "machine.cycles.trap | 1 | 900 | hypervisor.cpu=hardware | " + TRAPS,
                "hypervisor.cycles.TRAP_GP | 1 | 9000 | hypervisor.cpu=hardware | " + TRAPS,
                "hypervisor.features.vpid | on | off | " + TRANSLATED + " | hypervisor.cpu=hardware",
                "machine.features.segment_limits | off | on | " + TRAPS + " | hypervisor.cpu=binary_translation",
                "machine.features.segment_limits | off | on | hypervisor.cpu=binary_translation; vms.vm.mode=pae |"
                        + " vms.vm.mode=long",
                "hypervisor.cycles.shadow | 1 | 9000 | hypervisor.memory=nested | hypervisor.memory=shadow",
                "hypervisor.translation.chaining | on | off | " + TRAPS + " | " + TRANSLATED,
                "hypervisor.cycles.translate | 1 | 9000 | " + TRAPS + " | " + TRANSLATED,
                "hypervisor.cycles.CALLOUT | 1 | 9000 | hypervisor.cpu=hardware | " + TRANSLATED,
                "machine.tlb.dtlb.replacement | lru | random | machine.tlb.dtlb={entries: 16, ways: 1}"
                        + " | machine.tlb.dtlb.ways=2",
                "machine.tlb.dtlb.set_index | mask | xor | machine.tlb.dtlb={entries: 16, ways: full}"
                        + " | machine.tlb.dtlb.ways=2",
                "hypervisor.scheduler.slice | 10us | 1ms | " + NATIVE + " | hypervisor.cpu=hardware",
                "hypervisor.features.vpid | on | off | " + NATIVE + " | hypervisor.cpu=hardware",
                "hypervisor.handlers.ports | kernel | user_space | " + NATIVE + " | hypervisor.cpu=hardware",
                "hypervisor.cycles.CPUID | 1 | 9000 | " + NATIVE + " | hypervisor.cpu=hardware",
                "hypervisor.features.pause_loop_exiting | on | off | hypervisor.features.pause_exiting=on"
                        + " | hypervisor.features.pause_exiting=off",
                "hypervisor.handlers.short_path | on | off | vms.vm.vcpus=1 | workload.kernel.timer=1kHz",
                "hypervisor.handlers.timer_advance | 0ns | 5us | vms.vm.vcpus=1 | workload.kernel.timer=1kHz",
                "hypervisor.cycles.user_space | 1 | 9000 | hypervisor.handlers.ports=kernel"
                        + " | hypervisor.handlers.ports=user_space",
                "machine.walk.guest_cache.pde | 0 | 4 | machine.walk.by=software; " + TRAPS
                        + " | machine.walk.by=hardware",
                "machine.cycles.tlb_miss | 1 | 900 | " + TRAPS + " | machine.walk.by=software",
                "hypervisor.cycles.TLB_MISS | 1 | 9000 | " + TRAPS + " | machine.walk.by=software",
                "hypervisor.type | bare_metal | hosted | " + NATIVE + " | hypervisor.cpu=hardware",
                "hypervisor.host.applications | 0 | 2 | hypervisor.type=bare_metal | hypervisor.type=hosted",
                "hypervisor.service_vm.pin | [0] | [1] | hypervisor.handlers.ports=kernel"
                        + " | hypervisor.handlers.ports=user_space",
                "hypervisor.service_vm.weight | 1 | 200 | hypervisor.type=hosted; hypervisor.handlers.ports=user_space"
                        + " | hypervisor.type=bare_metal",
                "hypervisor.cycles.world_switch | 1 | 9000 | hypervisor.type=hosted"
                        + " | hypervisor.type=hosted; hypervisor.host.passage=world_switch",
                "hypervisor.cycles.EXCEPTION_NMI | 1 | 9000 | hypervisor.features.exception_bitmap=[]"
                        + " | hypervisor.features.exception_bitmap=[14]",
                "hypervisor.cycles.HLT | 1 | 9000 | vms.vm.vcpus=1; workload.instructions.hlt=10; hypervisor.features.hlt_exiting=off"
                        + " | hypervisor.features.hlt_exiting=on",
                "hypervisor.cycles.INVLPG | 1 | 9000 | hypervisor.features.invlpg_exiting=off"
                        + " | hypervisor.features.invlpg_exiting=on",
                "hypervisor.cycles.RDTSC | 1 | 9000 | hypervisor.features.rdtsc_exiting=off"
                        + " | hypervisor.features.rdtsc_exiting=on",
                "hypervisor.cycles.PAUSE_INSTRUCTION | 1 | 9000 | hypervisor.features.pause_loop_exiting=off"
                        + " | hypervisor.features.pause_exiting=on",
                "hypervisor.cycles.PREEMPTION_TIMER | 1 | 9000 | hypervisor.features.preemption_timer=off"
                        + " | hypervisor.features.preemption_timer=on",
                "vms.vm.pin | [0] | [1] | " + NATIVE + " | hypervisor.cpu=hardware",
                "vms.vm.pin | [] | [0] | machine.cores=1 | machine.cores=2",
                "vms.vm.weight | 1 | 200 | hypervisor.scheduler.policy=round_robin"
                        + " | hypervisor.scheduler.policy=proportional_share",
                "vms.vm.host_page | 4KiB | 2MiB | " + NATIVE + " | hypervisor.cpu=hardware",
                "vms.vm.backing | demand | premapped | " + NATIVE + " | hypervisor.cpu=hardware",
                "workload.references.skew | 0.5 | 2 | workload.references.pattern=loop"
                        + " | workload.references.pattern=zipf",
                "workload.references.stride | 64B | 4KiB | workload.references.pattern=zipf"
                        + " | workload.references.pattern=chase",
                "workload.references.hot | 1% | 50% | workload.references.pattern=zipf"
                        + " | workload.references.pattern=hotspot",
                "workload.references.hits | 1% | 50% | workload.references.pattern=zipf"
                        + " | workload.references.pattern=hotspot",
                "workload.references.run | 64B | 4KiB | workload.references.pattern=zipf"
                        + " | workload.references.pattern=uniform",
                "workload.references.writes | 1% | 50% | workload.references.fetches=100%"
                        + " | workload.references.fetches=10%",
                "hypervisor.features.unrestricted_guest | on | off | run.seed=1 | " + REAL,
                "machine.features.unrestricted_guest | on | off | run.seed=1 | " + REAL,
                "hypervisor.features.unrestricted_guest | on | off | " + REAL + "; hypervisor.memory=shadow"
                        + " | hypervisor.memory=nested",
                "workload.kernel.pcid | on | off | vms.vm.mode=pae | vms.vm.mode=long",
                "workload.kernel.processes | 1 | 4 | workload.kernel.process_switch=0"
                        + " | workload.kernel.process_switch=1/k",
                "workload.kernel.pages | 1 | 8 | workload.kernel.map=0; workload.kernel.unmap=0"
                        + " | workload.kernel.protect=10",
                "workload.kernel.syscall_by | syscall | interrupt | workload.kernel.syscall=0"
                        + " | workload.kernel.syscall=10",
                "workload.hostile.interrupts_off_for | 1us | 9us | workload.hostile.interrupts_off=0"
                        + " | workload.hostile.interrupts_off=10",
                "workload.kernel.lock_hold | 1us | 9us | workload.kernel.lock=0 | workload.kernel.lock=10",
                "workload.kernel.shootdown.batch | 1 | 90 | workload.kernel.unmap=0 | workload.kernel.unmap=10",
                "workload.kernel.shootdown.lazy | on | off | vms.vm.vcpus=1 | vms.vm.vcpus=2",
                "workload.kernel.shootdown.lazy | on | off | workload.kernel.process_switch=0"
                        + " | workload.kernel.process_switch=10",
                "run.lenient | on | off | run.seed=1 | workload.references={trace: 'library:traces/gzip.lackey.xz', working_set: null}",
            })
    void whatIsNotedHasNoEffect(String line) throws Exception {
        String[] parts = line.split(" \\| ", -1);
        String key = parts[0];
        List<String> condition = with(BUSY, parts[3].split("; ", -1));
        Loaded one = load(with(condition, key + "=" + parts[1]));
        Loaded other = load(with(condition, key + "=" + parts[2]));
        assertNoted(true, one, key);
        assertNoted(true, other, key);
        assertTrue(results(one).equals(results(other)), key + " changes results");
        assertNoted(false, load(with(with(condition, key + "=" + parts[2]), parts[4].split("; ", -1))), key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "working_set: 2MiB",
                "skew: 2",
                "stride: 4KiB",
                "hot: 1%",
                "hits: 1%",
                "run: 1KiB",
                "writes: 1%",
                "fetches: 1%"
            })
    void aPatternsKeysHaveNoneWithATrace(String key) throws Exception {
        String trace = "trace: 'library:traces/gzip.lackey.xz'";
        String run = "run.operations=20k";
        Loaded with = load(List.of(run, "workload.references={" + trace + ", " + key + "}"));
        assertNoted(true, with, "workload.references." + key.replaceFirst(":.*", ""));
        assertEquals(results(load(List.of(run, "workload.references={" + trace + "}"))), results(with));
    }

    @Test
    void aTraceIsRepeatedOnlyIfThereIsOne() throws Exception {
        assertNoted(true, load(List.of("workload.references.repeat=on")), "workload.references.repeat");
    }

    @Test
    void aLineThatPhasesShareIsNotedOnlyIfItIsInVainForAll() throws Exception {
        String phases = "workload.phases={a: {operations: 1k, references: {pattern: loop}}, b: {operations: 1k%s}}";
        Loaded none = load(List.of("workload.references.skew=0.5", phases.formatted(", references: {pattern: chase}")));
        assertEquals(1, none.notes().size(), none.notes().toString());
        Loaded one = load(List.of("workload.references.skew=0.5", phases.formatted("")));
        assertEquals(List.of(), one.notes());
    }

    @Test
    void aLineThatVmsShareIsNotedOnlyIfItIsInVainForAll() throws Exception {
        String unmap = "workload.kernel={unmap: 10, process_switch: 10, shootdown: {lazy: off}}";
        assertNoted(true, load(List.of(unmap, "vms={a: {}, b: {}}")), "workload.kernel.shootdown.lazy");
        assertNoted(false, load(List.of(unmap, "vms={a: {}, b: {vcpus: 2}}")), "workload.kernel.shootdown.lazy");
    }

    @Test
    void anIntervalLongerThanTheRunIsNotedAfterIt() throws Exception {
        List<String> settings = List.of("run.operations=20k", "vms.vm.memory=128MiB");
        String note = "run.interval has no effect: it is longer than the run";
        assertEquals(List.of(note), notes(with(settings, "run.interval=1s")));
        assertEquals(List.of(), notes(with(settings, "run.interval=50us")));
        assertEquals(List.of(), notes(settings));
    }

    private static List<String> notes(List<String> settings) throws Exception {
        return Runner.run(load(settings), new GoOn()).notes();
    }

    @Test
    void whatAPresetSaysIsNotNoted() throws Exception {
        assertEquals(List.of(), load(List.of("machine.preset=golden-cove")).notes());
    }

    private static void assertNoted(boolean expected, Loaded loaded, String key) {
        List<String> about = loaded.notes().stream()
                .map(note -> note.replaceFirst(".*?: (?=[a-z.]+)", ""))
                .filter(note ->
                        Stream.of(note.split(" ", -1)).anyMatch(word -> key.equals(word) || key.startsWith(word + ".")))
                .toList();
        assertEquals(expected, !about.isEmpty(), key + ": " + loaded.notes());
    }

    private static List<String> with(List<String> settings, String... more) {
        return Stream.concat(settings.stream(), Stream.of(more)).toList();
    }

    private static Loaded load(List<String> settings) throws Exception {
        return new ScenarioLoader(
                        "hvsim", new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8)), (l, n) -> List.of())
                .load("-", settings, List.of());
    }

    /** Without what the run itself says that it changes. */
    private static String results(Loaded loaded) throws Exception {
        return Runner.run(loaded, new GoOn()).runs().stream()
                .map(run -> ResultTree.of(run).toString())
                .collect(Collectors.joining("\n"));
    }
}
