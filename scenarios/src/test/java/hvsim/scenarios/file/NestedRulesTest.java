package hvsim.scenarios.file;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.vmx.ExitReason;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a VM with a hypervisor of its own needs; everything else is an error that says why. */
class NestedRulesTest {
    @TempDir
    private Path folder;

    private Lab lab;

    @BeforeEach
    void open() throws Exception {
        lab = new Lab(folder);
    }

    @Test
    void aGuestHypervisorTakesAsLongAsTheOneBelow() throws Exception {
        String yaml = """
                hypervisor: {cycles: {CPUID: 77, dispatch: 11}}
                vms: {vm: {hypervisor: {cycles: {dispatch: 22}}}}
                """;
        VmConfig vm = lab.load(yaml).base().scenario().vms().get("vm");
        HypervisorConfig own = vm.hypervisor().orElseThrow();
        assertEquals(22, own.cycles().dispatch());
        assertEquals(77, own.cycles().reasons().get(ExitReason.CPUID));
        assertTrue(vm.natively().hypervisor().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            vms: {vm: {hypervisor: {cpu: trap_and_emulate}}} | nothing is nested
            vms: {vm: {hypervisor: {cpu: native}}} | no hypervisor
            vms: {vm: {hypervisor: {memory: shadow}}} | not modelled
            vms: {vm: {hypervisor: {hypervisor: {}}}} | unknown key 'hypervisor'
            vms: {vm: {hypervisor: {features: {preemption_timer: on}}}} | is not offered it
            vms: {vm: {mode: pae, hypervisor: {}}} | have 64 bits
            {hypervisor: {cpu: trap_and_emulate}, vms: {vm: {hypervisor: {}}}} | outside VMX operation
            {hypervisor: {memory: shadow}, vms: {vm: {hypervisor: {}}}} | none to offer
            {machine: {preset: zen-4}, vms: {vm: {hypervisor: {}}}} | SVM does not have
            """)
    void whatIsNotModelledSaysWhy(String yaml, String why) {
        ScenarioException e = assertThrows(ScenarioException.class, () -> lab.load(yaml));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    @Test
    void aVmWithoutOneMayHaveNeighboursWithOne() {
        assertDoesNotThrow(() -> lab.load("vms: {a: {hypervisor: {}}, b: {memory: 128MiB}}"));
    }
}
