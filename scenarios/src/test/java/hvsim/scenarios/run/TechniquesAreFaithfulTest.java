package hvsim.scenarios.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import hvsim.scenarios.file.ScenarioLoader;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests whose kernels do everything to their tables see under each technique what they see natively. */
class TechniquesAreFaithfulTest {
    private static final String SCENARIO = """
            machine: {cores: 2, fixed_instructions: on}
            vms: {a: {memory: 1GiB}, b: {vcpus: 2, memory: 1GiB}}
            workload:
              references: {pattern: hotspot, working_set: 2MiB, writes: 40%, fetches: 10%}
              instructions: {mov_from_cr3: 1/k, smsw: 1/k, mov_to_cr4: 200/M, invlpg: 1/k, in: 500/M}
              kernel: {processes: 3, process_switch: 2/k, map: 3/k, unmap: 3/k, protect: 2/k, fork: 400/M, exec: 200/M,
                       exit: 200/M, page_fault: 2/k, syscall: 1/k, patch: 1/k}
            run: {operations: 10k}
            compare:
              shadow:   {hypervisor.memory: shadow}
              in_step:  {hypervisor.memory: shadow, hypervisor.shadow.out_of_sync: off}
              little:   {hypervisor.memory: shadow, hypervisor.shadow.memory: 512KiB, hypervisor.shadow.roots: 1}
              untagged: {hypervisor.memory: shadow, hypervisor.features.vpid: off}
              large:    {hypervisor.memory: shadow, vms.a.host_page: 2MiB, vms.b.host_page: 2MiB}
              trapped:  {hypervisor.cpu: trap_and_emulate}
              translated: {hypervisor.cpu: binary_translation, machine.features.segment_limits: on}
              changed:  {hypervisor.cpu: paravirtual}
              one_by_one: {hypervisor.cpu: paravirtual, hypervisor.paravirtual.batch: 1}
              filled:   {hypervisor.cpu: trap_and_emulate, machine.walk.by: software}
              nested:   {}
              process:  {hypervisor.type: hosted, hypervisor.handlers.ports: user_space, hypervisor.host.applications: 1}
              world:    {hypervisor.type: hosted, hypervisor.handlers.ports: user_space,
                         hypervisor.host.passage: world_switch, hypervisor.cpu: trap_and_emulate}
              service:  {hypervisor.handlers.ports: user_space}
              serving:  {hypervisor.handlers.ports: user_space, hypervisor.cpu: trap_and_emulate}
            """;

    private static final String LEGACY = """
            machine: {cores: 2}
            vms: {a: {mode: 32bit, memory: 1GiB}, b: {mode: pae, vcpus: 2, memory: 6GiB}}
            workload:
              references: {pattern: hotspot, working_set: 2MiB, writes: 40%, fetches: 10%}
              instructions: {mov_from_cr3: 1/k, smsw: 1/k, mov_to_cr4: 200/M, mov_to_cr3: 200/M, invlpg: 1/k, in: 500/M, sgdt: 100/M}
              kernel: {processes: 3, process_switch: 2/k, map: 3/k, unmap: 3/k, protect: 2/k, fork: 400/M, exec: 200/M,
                       exit: 200/M, page_fault: 2/k, syscall: 1/k}
            run: {operations: 10k}
            compare:
              shadow:   {hypervisor.memory: shadow}
              in_step:  {hypervisor.memory: shadow, hypervisor.shadow.out_of_sync: off}
              little:   {hypervisor.memory: shadow, hypervisor.shadow.memory: 2MiB, hypervisor.shadow.roots: 1}
              untagged: {hypervisor.memory: shadow, hypervisor.features.vpid: off}
              large:    {hypervisor.memory: shadow, vms.a.host_page: 2MiB, vms.b.host_page: 2MiB}
              nested:   {}
              cr3_load: {hypervisor.features.cr3_load_exiting: on}
              trapped:  {hypervisor.cpu: trap_and_emulate, machine.fixed_instructions: on}
              few:      {hypervisor.cpu: trap_and_emulate, machine.fixed_instructions: on, hypervisor.shadow.roots: 2,
                         hypervisor.shadow.memory: 2MiB, hypervisor.shadow.out_of_sync: off}
              translated: {hypervisor.cpu: binary_translation}
              process:  {hypervisor.type: hosted, hypervisor.handlers.ports: user_space, hypervisor.host.applications: 1,
                         hypervisor.cpu: binary_translation}
              world:    {hypervisor.type: hosted, hypervisor.handlers.ports: user_space,
                         hypervisor.host.passage: world_switch, hypervisor.cpu: binary_translation}
              serving:  {hypervisor.handlers.ports: user_space, hypervisor.cpu: binary_translation}
            """;

    /** Changed kernels have PAE paging. */
    private static final String CHANGED =
            LEGACY.replace("mode: 32bit", "mode: pae").substring(0, LEGACY.indexOf("compare:") - 2) + """
            compare:
              changed:    {hypervisor.cpu: paravirtual}
              one_by_one: {hypervisor.cpu: paravirtual, hypervisor.paravirtual.batch: 1}
              process:    {hypervisor.cpu: paravirtual, hypervisor.type: hosted, hypervisor.handlers.ports: user_space}
              serving:    {hypervisor.cpu: paravirtual, hypervisor.handlers.ports: user_space}
            """;

    private static final String REAL = """
            vms: {a: {mode: real, memory: 16MiB}, b: {mode: real, memory: 1MiB, backing: premapped}}
            workload:
              references: {pattern: hotspot, working_set: 256KiB, writes: 30%, fetches: 20%}
              instructions: {cpuid: 1/k, smsw: 1/k, cli: 1/k, sti: 1/k, pushf: 1/k, popf: 1/k, hlt: 500/M, mov_from_cr0: 1/k,
                             int_n: 500/M, in: 500/M, out: 500/M, sgdt: 500/M, str: 500/M, rdmsr: 500/M, mov_from_cr3: 500/M,
                             mov_to_cr3: 500/M, lmsw: 500/M, clts: 500/M, invlpg: 500/M, rdtsc: 500/M}
              kernel: {syscall: 1/k}
            run: {operations: 20k}
            compare:
              unrestricted: {}
              nehalem:      {machine.preset: nehalem}
              emulated:     {hypervisor.features.unrestricted_guest: off}
              untagged:     {hypervisor.features.unrestricted_guest: off, hypervisor.features.vpid: off}
              shadow:       {hypervisor.memory: shadow}
              large:        {hypervisor.memory: shadow, vms.a.host_page: 2MiB}
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"run.seed=1", "run.seed=2", "workload.kernel.pcid=on", "workload.kernel.paging=demand"})
    void allSeeTheSame(String setting) throws Exception {
        assertAllSeeTheSame(SCENARIO, setting);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run.seed=1", "run.seed=2", "workload.kernel.paging=demand", "vms.a.guest_page=4MiB"})
    void legacyGuestsSeeTheSame(String setting) throws Exception {
        assertAllSeeTheSame(LEGACY, setting);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run.seed=1", "workload.kernel.paging=demand"})
    void changedLegacyGuestsSeeTheSame(String setting) throws Exception {
        assertAllSeeTheSame(CHANGED, setting);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run.seed=1", "run.seed=2"})
    void guestsInRealAddressModeSeeTheSame(String setting) throws Exception {
        assertAllSeeTheSame(REAL, setting);
    }

    private void assertAllSeeTheSame(String scenario, String setting) throws Exception {
        Path file = Files.writeString(folder.resolve("all.yaml"), scenario);
        Result result = Runner.run(
                new ScenarioLoader("test", InputStream.nullInputStream(), (lines, names) -> List.of())
                        .load(file.toString(), List.of(setting), List.of()),
                new GoOn());
        for (RunResult run : result.runs()) {
            assertNull(run.firstDifference(), run.run());
            assertEquals(run.run().equals("native") ? null : "held", run.safety(), run.run());
        }
    }
}
