package hvsim.scenarios.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import hvsim.scenarios.file.Scenario;
import hvsim.vmm.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Run N, save, load in a new process, run M: the same as run N + M. */
class SaveAndLoadLawTest {
    /** Everything that this slice has, with slices short enough for many turns. */
    private static final String ALL = """
            hypervisor: {scheduler: {slice: 20us}, features: {hlt_exiting: on, rdtsc_exiting: on, pause_exiting: on}}
            machine:
              fracture_flush: on
              tlb: {itlb: {replacement: fifo}, dtlb: {replacement: tree_plru}, stlb: {replacement: random}}
            vms:
              traced:
                memory: 64MiB
                workload: {references: {trace: TRACE}}
              large:
                memory: 64MiB
                guest_page: 2MiB
                workload:
                  references: {pattern: zipf, working_set: 16MiB, fetches: 20%}
                  phases:
                    first: {operations: 50k}
                    second: {operations: 100k, cycles_per_operation: 3, references: {pattern: uniform}}
              both:
                memory: 64MiB
                guest_page: 2MiB
                host_page: 2MiB
                backing: premapped
                workload: {references: {pattern: chase, working_set: 8MiB}}
            workload:
              instructions: {cpuid: 100/M, in 0x71: 200/M, out 0x70: 100/M, wrmsr: 400/M, rdmsr: 100/M, hlt: 50/M,
                             invlpg: 200/M, rdtsc: 100/M, pause: 100/M, vmcall: 50/M, mov_to_cr3: 100/M}
              hostile: {foreign_frame: 100/M, beyond_memory: 100/M, interrupts_off: 10/M, host_state: 50/M}
              kernel: {processes: 3, process_switch: 200/M}
            run: {operations: 150k, warmup: 10%}
            """;

    private static final String WITHOUT = """
            hypervisor:
              scheduler: {slice: 20us}
              features: {vpid: off, ept_accessed_dirty: off, msr_bitmap: off, io_bitmap: off, preemption_timer: off,
                         hlt_exiting: off, invlpg_exiting: on, cr3_load_exiting: on, cr3_store_exiting: on,
                         exception_bitmap: [13, 14]}
            vms:
              traced:
                memory: 64MiB
                workload: {references: {trace: TRACE}}
              patterned:
                memory: 64MiB
                workload: {references: {pattern: hotspot, working_set: 16MiB}}
            workload:
              instructions: {cpuid: 100/M, in: 200/M, hlt: 10, mov_from_cr3: 100/M, mov_to_cr3: 100/M, invlpg: 200/M}
              kernel: {processes: 3, process_switch: 200/M, pcid: off, paging: demand}
            run: {operations: 150k}
            """;

    /** Several virtual processors that interrupt each other, on fewer cores, with all that a kernel does. */
    private static final String MANY = """
            machine: {preset: skylake-sp, cores: 4, sockets: 2, walk: {cost: caches}, caches: {holds: all},
                      features: {ipi_virtualization: on}}
            hypervisor:
              scheduler: {slice: 30us}
              features: {FEATURES}
            vms:
              threads: {vcpus: 3, memory: 128MiB, backing: premapped}
              more: {vcpus: 2, memory: 128MiB, workload: {kernel: {paging: premapped, pcid: off}}}
              large: {memory: 128MiB, guest_page: 2MiB, host_page: 2MiB}
            workload:
              references: {pattern: hotspot, working_set: 4MiB}
              instructions: {cpuid: 100/M, hlt: 20/M}
              kernel: {processes: 2, process_switch: 200/M, paging: demand, page_fault: 100/M, map: 200/M, unmap: 200/M,
                       protect: 100/M, pages: 2, fork: 50/M, exec: 30/M, exit: 30/M, syscall: 300/M, lock: 200/M,
                       timer: 10000Hz, shootdown: {batch: 2}}
            run: {operations: 40k, warmup: 10%}
            """;

    /** The same with kernels that were changed, and small batches. */
    private static final String CHANGED = MANY.replace(
                    "features: {FEATURES}", "cpu: paravirtual\n  paravirtual: {batch: 5}")
            .replace(", backing: premapped", "")
            .replace("guest_page: 2MiB, host_page: 2MiB", "vcpus: 1");

    /** Translated kernels, which write their code, and a code cache that is full now and then. */
    private static final String TRANSLATED = """
            machine: {preset: zen-2, cores: 2}
            hypervisor:
              cpu: binary_translation
              translation: {code_cache: 8KiB}
              scheduler: {slice: 30us}
            vms:
              pair: {vcpus: 2, memory: 64MiB}
              other: {memory: 64MiB}
            workload:
              references: {pattern: hotspot, working_set: 2MiB}
              instructions: {cpuid: 100/M, pushf: 100/M, rdtsc: 100/M}
              kernel: {processes: 2, process_switch: 200/M, paging: demand, map: 500/M, unmap: 500/M, syscall: 500/M,
                       patch: 3/k, timer: 10000Hz}
            run: {operations: 40k, warmup: 10%}
            """;

    private static final String SERVED = """
            MACHINE
            hypervisor: {handlers: {ports: user_space}, scheduler: {slice: 20us}, HOST}
            vms: {asks: {count: 3, memory: 64MiB}}
            workload:
              references: {pattern: hotspot, working_set: 1MiB}
              instructions: {in 0x71: 1/k, hlt: 20/M}
              kernel: {processes: 2, process_switch: 200/M, timer: 10000Hz}
            run: {operations: 60k, warmup: 10%}
            """;

    private static final String POSTED =
            "tpr_shadow: on, apic_registers: on, virtual_interrupts: on, posted_interrupts: on, ipi_virtualization: on";

    private static final String SOFTWARE = "tpr_shadow: off, apic_registers: off, virtual_interrupts: off,"
            + " posted_interrupts: off, ipi_virtualization: off, preemption_timer: off";

    /** Hypervisors under a hypervisor, with and without a shadow VMCS, beside a VM that has none. */
    private static final String NESTED = """
            machine: {preset: skylake-sp, cores: 2}
            hypervisor:
              scheduler: {slice: 30us}
              features: {vmcs_shadowing: SHADOWING}
            vms:
              inner: {vcpus: 3, memory: 128MiB, hypervisor: {}}
              large: {memory: 64MiB, host_page: 2MiB, hypervisor: {features: {msr_bitmap: off, vpid: off}}}
              plain: {memory: 64MiB}
            workload:
              references: {pattern: hotspot, working_set: 4MiB}
              instructions: {cpuid: 100/M, hlt: 20/M, in 0x71: 100/M, wrmsr: 100/M}
              kernel: {processes: 2, process_switch: 200/M, paging: demand, map: 200/M, unmap: 200/M, timer: 10000Hz}
            run: {operations: 40k, warmup: 10%}
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(longs = {0, 12_345, 600_001})
    void withEverything(long cycles) throws Exception {
        check(ALL, cycles);
    }

    @ParameterizedTest
    @ValueSource(longs = {54_321})
    void withoutFeatures(long cycles) throws Exception {
        check(WITHOUT, cycles);
    }

    @ParameterizedTest
    @ValueSource(longs = {123_456, 1_600_003})
    void withManyThatInterruptEachOther(long cycles) throws Exception {
        check(MANY.replace("FEATURES", POSTED), cycles);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000_001})
    void withInterruptsInSoftware(long cycles) throws Exception {
        check(MANY.replace("FEATURES", SOFTWARE), cycles);
    }

    @ParameterizedTest
    @CsvSource({"on, 234567", "off, 1000001"})
    void withHypervisorsThatAreGuests(String shadowing, long cycles) throws Exception {
        check(NESTED.replace("SHADOWING", shadowing), cycles);
    }

    @ParameterizedTest
    @ValueSource(longs = {500_001, 5_000_001})
    void withChangedKernels(long cycles) throws Exception {
        check(CHANGED, cycles);
    }

    @ParameterizedTest
    @ValueSource(strings = {"paravirtual", "trap_and_emulate", "binary_translation"})
    void withKernelsOfThirtyTwoBitsAtCplOne(String cpu) throws Exception {
        check(
                CHANGED.replace("cpu: paravirtual", "cpu: " + cpu)
                        .replace("memory: 128MiB", "memory: 128MiB, mode: pae"),
                3_000_001);
    }

    @ParameterizedTest
    @ValueSource(longs = {500_001, 3_000_001})
    void withTranslatedKernels(long cycles) throws Exception {
        check(TRANSLATED, cycles);
    }

    /** A service VM answers, or a host that has something else to do as well; and the TLB may be software's. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "machine: {cores: 2} | type: bare_metal",
                "machine: {cores: 2} | type: hosted, host: {passage: world_switch, applications: 1}",
                "machine: {cores: 2} | type: bare_metal, cpu: trap_and_emulate",
                "machine: {cores: 2, walk: {by: software}} | type: hosted, cpu: trap_and_emulate"
            })
    void whereverTheHypervisorRuns(String machine, String host) throws Exception {
        check(SERVED.replace("MACHINE", machine).replace("HOST", host), 700_001);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(longs = {1, 54_321, 250_000, 700_007, 800_000})
    void atMorePlaces(long cycles) throws Exception {
        check(ALL, cycles);
        check(WITHOUT, cycles);
        check(MANY.replace("FEATURES", POSTED), cycles);
        check(MANY.replace("FEATURES", SOFTWARE), cycles);
        check(NESTED.replace("SHADOWING", "on"), cycles);
        check(NESTED.replace("SHADOWING", "off"), cycles);
    }

    @Test
    void stepsDoNotMatter() throws Exception {
        Path file = write(ALL);
        Scenario scenario = Machinery.scenario(file);
        Machine machine = Machinery.machine(scenario);
        for (long until = 777; !machine.run(until); until += 777) {
            assertFalse(machine.clock() < until);
        }
        assertEquals(undisturbed(scenario), Machinery.counts(machine, scenario));
    }

    private void check(String text, long cycles) throws Exception {
        Path file = write(text);
        Scenario scenario = Machinery.scenario(file);
        Machine machine = Machinery.machine(scenario);
        assertFalse(machine.run(cycles), "it must not be over before it is saved");
        Path state = folder.resolve("state");
        Machinery.save(machine, state);
        assertEquals(undisturbed(scenario), inNewProcess(file, state).strip());
    }

    private static String undisturbed(Scenario scenario) {
        Machine machine = Machinery.machine(scenario);
        machine.run(Long.MAX_VALUE);
        return Machinery.counts(machine, scenario);
    }

    private Path write(String text) throws IOException {
        Files.writeString(folder.resolve("small.lackey"), trace());
        return Files.writeString(folder.resolve("law.yaml"), text.replace("TRACE", "small.lackey"));
    }

    /** Code that runs in a loop, and data that wanders. */
    private static String trace() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append("I  ")
                    .append(Integer.toHexString(0x40_1000 + i % 5000 * 4))
                    .append(",4\n");
            text.append(i % 3 == 0 ? " S " : i % 7 == 0 ? " M " : " L ");
            text.append(Integer.toHexString(0x80_0000 + i * 7919 % 3_000_000)).append(",8\n");
        }
        return text.toString();
    }

    private String inNewProcess(Path file, Path state) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        GoesOn.class.getName(),
                        file.toString(),
                        state.toString()))
                .redirectError(errors.toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out + Files.readString(errors));
        return out;
    }
}
