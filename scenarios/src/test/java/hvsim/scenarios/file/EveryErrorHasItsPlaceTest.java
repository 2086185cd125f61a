package hvsim.scenarios.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EveryErrorHasItsPlaceTest {
    private static final String NIC = "machine: {devices: {nic0: {kind: nic}}}\n";

    private final Lab lab;

    EveryErrorHasItsPlaceTest(@TempDir Path folder) {
        lab = new Lab(folder);
    }

    @Test
    void whatAColonNeedsIsSaid() {
        assertEquals("""
                lab.yaml:1:1: error: unknown key 'run:{operations'
                    a ':' needs a blank behind it; keys here: extends, title, about, machine, hypervisor, vms, workload, run, \
                compare, expect
                1 error in lab.yaml; nothing was run""", lab.errors("run:{operations: 10k}\n"));
        assertEquals("""
                lab.yaml:1:16: error: not YAML: mapping values are not allowed here
                    written 'key: value', deeper keys indented or in {}
                1 error in lab.yaml; nothing was run""", lab.errors("run: operations: 10k\n"));
    }

    @Test
    void allErrorsOfAFileComeTogetherInTheOrderOfTheFile() {
        String yaml = """
                title: Seven
                machine: {tlb: {stlb: {entries: 1000, ways: 12}}}
                hypervisor:
                  memory: ept
                  features:
                    vpdi: on
                vms:
                  vm: {memory: 512MB}
                """;
        assertEquals("""
                lab.yaml:2:45: error: machine.tlb.stlb: 1000 entries in 12 ways is no whole number of sets
                    996 or 1008 entries would be; or ways: 8 or 10; or ways: full
                lab.yaml:4:11: error: hypervisor.memory: there is no 'ept'; here it is called 'nested'
                    choices: native, software_filled, shadow, direct, nested
                lab.yaml:6:5: error: unknown key 'vpdi' in hypervisor.features
                    did you mean 'vpid'? keys here: vpid, ept_accessed_dirty, msr_bitmap, io_bitmap, preemption_timer, \
                hlt_exiting, rdtsc_exiting, pause_exiting, invlpg_exiting, cr3_load_exiting, cr3_store_exiting, \
                unrestricted_guest, pause_loop_exiting, vmcs_shadowing, tpr_shadow, virtual_interrupts, apic_registers, posted_interrupts, ipi_virtualization, \
                exception_bitmap
                lab.yaml:8:16: error: vms.vm.memory: '512MB' is decimal; memory is written in KiB, MiB, GiB, TiB
                    512MiB is 536,870,912 bytes
                4 errors in lab.yaml; nothing was run""", lab.errors(yaml));
    }

    /** Text of the file; the first line that is said, behind "lab.yaml:". */
    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(
                        "vms: {vm: {devices: {nic0: {traffic: {receive: 1k/s}}}}}",
                        "1:22: error: vms.vm.devices: the machine has no device 'nic0'"),
                Arguments.of(
                        "machine: {devices: {nic0: {speed: 1Gbit/s}}}",
                        "1:27: error: machine.devices.nic0.kind: has no value"),
                Arguments.of(
                        "machine: {devices: {nic0: {kind: nvme}}}",
                        "1:34: error: machine.devices.nic0.kind: 'nvme' does not exist in this version"),
                Arguments.of(
                        "machine: {devices: {nic0: {kind: nic, sharing: sr-iov}}}",
                        "1:48: error: machine.devices.nic0.sharing: 'sr_iov' does not exist in this version"),
                Arguments.of(
                        "machine: {devices: {nic0: {kind: nic, speed: 1GB}}}",
                        "1:46: error: machine.devices.nic0.speed: '1GB' is no bandwidth"),
                Arguments.of(
                        "machine: {devices: {0nic: {kind: nic}}}",
                        "1:27: error: machine.devices.0nic: is no name for a device"),
                Arguments.of(
                        "hypervisor: {device: vfio}",
                        "1:22: error: hypervisor.device: 'passthrough' does not exist in this version"),
                Arguments.of(
                        NIC + "vms: {vm: {devices: {nic0: {traffic: {receive: 1/k}}}}}",
                        "2:48: error: vms.vm.devices.nic0.traffic.receive: '1/k' is no rate in time"),
                Arguments.of(
                        NIC + "vms: {vm: {devices: {nic0: {}}}}",
                        "2:28: error: vms.vm.devices.nic0.traffic.receive: has no value"),
                Arguments.of(
                        NIC + "vms: {vm: {mode: real, devices: {nic0: {traffic: {receive: 1/s}}}}}\n"
                                + "workload: {references: {working_set: 256KiB}}",
                        "2:34: error: vms.vm.devices.nic0: nothing drives devices in real-address mode"),
                Arguments.of(
                        NIC + "vms: {vm: {devices: {nic0: {traffic: {receive: 1/s}}}}}\nhypervisor: {memory: shadow}",
                        "2:22: error: vms.vm.devices.nic0: devices with cpu 'hardware' and memory 'shadow' are not available yet"),
                Arguments.of(
                        NIC + "vms: {vm: {hypervisor: {}, devices: {nic0: {traffic: {receive: 1/s}}}}}",
                        "2:38: error: vms.vm.devices.nic0: devices of a VM that has a hypervisor of its own are not available yet"),
                Arguments.of(
                        NIC + "vms: {vm: {count: 2, devices: {nic0: {traffic: {receive: 1/s}}}}}",
                        "2:32: error: vms.vm.devices: nic0 is used by 'vm-1' and 'vm-2', but has sharing: none"),
                Arguments.of(
                        NIC
                                + "vms:\n  a: {devices: {nic0: {traffic: {receive: 1/s}}}}\n  b: {devices: {nic0: {traffic: {receive: 1/s}}}}",
                        "4:17: error: vms.b.devices: nic0 is used by 'a' and 'b', but has sharing: none"),
                Arguments.of(
                        "machine: {cores: 010}",
                        "1:18: error: machine.cores: '010' begins with 0, and is not octal here"),
                Arguments.of(
                        "hypervisor: {cpu: vt-x}",
                        "1:19: error: hypervisor.cpu: there is no 'vt-x'; here it is called 'hardware'"),
                Arguments.of(
                        "hypervisor: {memory: software_filled}",
                        "1:22: error: cpu 'hardware' with memory 'software_filled': processors with VMX walk tables, and no"
                                + " miss of the TLB exits"),
                Arguments.of(
                        "hypervisor: {features: {tpr_shadow: off, posted_interrupts: on}}",
                        "1:61: error: hypervisor.features.posted_interrupts: is built upon virtual_interrupts, which is off"),
                Arguments.of(
                        "hypervisor: {cpu: bt}",
                        "1:19: error: hypervisor.cpu: there is no 'bt'; here it is called 'binary_translation'"),
                Arguments.of(
                        "hypervisor: {cpu: hardwear}",
                        "1:19: error: hypervisor.cpu: there is no 'hardwear'; did you mean 'hardware'?"),
                Arguments.of(
                        "hypervisor: {cpu: native, memory: nested}",
                        "1:35: error: cpu 'native' with memory 'nested': without a hypervisor there is no second stage"),
                Arguments.of(
                        "hypervisor: {cpu: trap_and_emulate, memory: nested}",
                        "1:45: error: cpu 'trap_and_emulate' with memory 'nested': there is a second stage in non-root"
                                + " mode only, and these guests run outside it"),
                Arguments.of(
                        "{machine: {preset: zen-2}, hypervisor: {cpu: binary_translation, memory: nested}}",
                        "1:74: error: cpu 'binary_translation' with memory 'nested': translated code runs in root mode,"
                                + " where there is no second stage"),
                Arguments.of(
                        "{hypervisor: {cpu: binary_translation}, vms: {vm: {mode: real}}}",
                        "1:58: error: vms.vm.mode: 'real' with hypervisor.cpu 'binary_translation': it has guests in"
                                + " protected mode only, and does not keep one in virtual-8086 mode"),
                Arguments.of(
                        "{machine: {walk: {by: software}}, vms: {vm: {mode: pae}}, hypervisor: {cpu: trap_and_emulate}}",
                        "1:52: error: vms.vm.mode: 'pae' with hypervisor.cpu 'trap_and_emulate': segment limits keep a"
                                + " 32-bit kernel out of its hypervisor, and processors without page walker have none"),
                Arguments.of(
                        "{hypervisor: {cpu: trap_and_emulate}, vms: {a: {mode: pae}, b: {}}}",
                        "1:44: error: VMs of 64 bits and of 32 with hypervisor.cpu 'trap_and_emulate': the hypervisor"
                                + " lives in the address spaces of both, and has one width itself"),
                Arguments.of(
                        "{hypervisor: {cpu: binary_translation, translation: {code_cache: 32MiB}}, vms: {a: {mode: pae,"
                                + " count: 2}}}",
                        "1:66: error: hypervisor.translation.code_cache: 32MiB for each of 2 VMs with 32 bits: beside its"
                                + " own code a hypervisor has 56MiB of their address space for all"),
                Arguments.of(
                        "{hypervisor: {cpu: trap_and_emulate, shadow: {roots: 1}}, vms: {a: {mode: 32bit}}}",
                        "1:54: error: hypervisor.shadow.roots: 1 with cpu 'trap_and_emulate': a process has a root, and"
                                + " one more is being left"),
                Arguments.of(
                        "hypervisor: {cpu: binary_translation}",
                        "1:19: error: cpu 'binary_translation': machine 'skylake-sp' has no segment limits in 64-bit mode,"
                                + " which keep a kernel at CPL 1 out of its hypervisor"),
                Arguments.of(
                        "{machine: {preset: zen-2}, hypervisor: {cpu: binary_translation, shadow: {roots: 1}}}",
                        "1:82: error: hypervisor.shadow.roots: 1 with cpu 'binary_translation': a process has a root, and"
                                + " one more is being left"),
                Arguments.of(
                        "hypervisor: {translation: {code_cache: 5KiB}}",
                        "1:40: error: hypervisor.translation.code_cache: '5KiB' is no multiple of 4KiB"),
                Arguments.of(
                        "hypervisor: {cpu: trap_and_emulate, shadow: {roots: 2}}",
                        "1:53: error: hypervisor.shadow.roots: 2 with cpu 'trap_and_emulate': a process has a root for"
                                + " its kernel and one for its user, and one more is being left"),
                Arguments.of(
                        "hypervisor: {cpu: paravirtual, memory: shadow}",
                        "1:40: error: cpu 'paravirtual' with memory 'shadow': the kernel was changed so that its tables"
                                + " can be the hardware's; Xen keeps shadows of them for a while only, to see what is"
                                + " written during a migration"),
                Arguments.of(
                        "hypervisor: {cpu: hardware, memory: direct}",
                        "1:37: error: cpu 'hardware' with memory 'direct': a kernel that was not changed registers no"
                                + " tables, and finds machine frames in them that it does not know"),
                Arguments.of(
                        "{hypervisor: {cpu: paravirtual}, vms: {a: {mode: 32bit}}}",
                        "1:50: error: vms.a.mode: '32bit' with hypervisor.cpu 'paravirtual': its registered tables have"
                                + " entries of 64 bits; Xen has 32-bit guests with PAE only, since it gave up a build"
                                + " without"),
                Arguments.of(
                        "{hypervisor: {cpu: paravirtual}, vms: {a: {guest_page: 2MiB}}}",
                        "1:56: error: vms.a.guest_page: 2MiB with memory 'direct': the hypervisor has a type for each"
                                + " frame of 4KiB, and takes no entry for a larger page"),
                Arguments.of(
                        "{machine: {page_levels: 5}, hypervisor: {cpu: trap_and_emulate}}",
                        "1:25: error: machine.page_levels: 5 levels with cpu 'trap_and_emulate': its hypervisor lives"
                                + " in the guests' address spaces of 4 levels"),
                Arguments.of(
                        "hypervisor: {features: {asid: on}}", "1:25: error: unknown key 'asid' in hypervisor.features"),
                Arguments.of(
                        "hypervisor: {features: {vpid: maybe}}",
                        "1:31: error: hypervisor.features.vpid: 'maybe' is no switch"),
                Arguments.of("machine: {memory: 0B}", "1:19: error: machine.memory: '0B' is too small"),
                Arguments.of("machine: {memory: 1e999}", "1:19: error: machine.memory: '1e999' is no amount of memory"),
                Arguments.of("machine: {cores: 0}", "1:18: error: machine.cores: '0' is too small"),
                Arguments.of(
                        "machine: {cores: 3, sockets: 2}",
                        "1:30: error: machine.sockets: 3 cores are not the same number on each of 2 sockets"),
                Arguments.of("machine: {preset: zen}", "1:19: error: machine.preset: 'zen': there is no such preset"),
                Arguments.of(
                        "machine: {tlb: {dtlb: {ways: 0}}}", "1:30: error: machine.tlb.dtlb.ways: '0' is too small"),
                Arguments.of(
                        "machine: {tlb: {dtlb: {entries: -4}}}",
                        "1:33: error: machine.tlb.dtlb.entries: '-4' is negative"),
                Arguments.of(
                        "machine: {tlb: {dtlb: {hit_cycles: 3}}}",
                        "1:36: error: machine.tlb.dtlb.hit_cycles: a hit at level 1 costs nothing"),
                Arguments.of(
                        "machine: {tlb: {x: {beside: nope, pages: [4KiB], entries: 4, ways: 4}}}",
                        "1:29: error: machine.tlb.x.beside: there is no 'nope'"),
                Arguments.of(
                        "machine: {tlb: {x: {level: 2, holds: data, pages: [4KiB], entries: 4, ways: 4, hit_cycles: 1}}}",
                        "1:28: error: machine.tlb.x.level: 'stlb' already serves these references at level 2"),
                Arguments.of(
                        "machine: {tlb: {dtlb: {entries: 48, set_index: mask}}}",
                        "1:48: error: machine.tlb.dtlb.set_index: 'mask' with 12 sets, no power of two"),
                Arguments.of(
                        "machine: {tlb: {stlb: {replacement: tree_plru}}}",
                        "1:37: error: machine.tlb.stlb.replacement: 'tree_plru' with 12 ways; a tree needs a power of two, "
                                + "up to 64"),
                Arguments.of(
                        "machine: {tlb: {dtlb: {entries: 128, ways: full, replacement: tree_plru}}}",
                        "1:63: error: machine.tlb.dtlb.replacement: 'tree_plru' with 128 ways; a tree needs a power of two, "
                                + "up to 64"),
                Arguments.of(
                        "machine: {tlb: {dtlb: {replacement: plru}}}",
                        "1:37: error: machine.tlb.dtlb.replacement: there is no 'plru'; here it is called 'tree_plru'"),
                Arguments.of("vms: {a: {vcpus: 0}}", "1:18: error: vms.a.vcpus: '0' is too small"),
                Arguments.of("vms: {a: {pin: [1]}}", "1:16: error: vms.a.pin: the machine has no core 1"),
                Arguments.of("vms: {a b: {}}", "1:12: error: vms.a b: is no name for a VM"),
                Arguments.of("vms: {a: }", "1:9: error: vms.a: is empty, not a group of keys"),
                Arguments.of("vms: {a: {count: 2}, a-1: {}}", "1:27: error: vms.a-1: two VMs would be called 'a-1'"),
                Arguments.of(
                        "vms: {a: {memory: 65GiB}}",
                        "1:10: error: vms.a: its memory of 65GiB is more than the machine's 64GiB"),
                Arguments.of(
                        "vms: {a: {memory: 40GiB, count: 2}}",
                        "1:10: error: vms.a: the VMs' memory together is more than the machine's 64GiB"),
                Arguments.of(
                        "vms: {a: {host_page: 2MiB, memory: 3MiB}}",
                        "1:36: error: vms.a.memory: 3MiB is no whole number of pages of 2MiB (host_page)"),
                Arguments.of(
                        "vms: {a: {guest_page: 1GiB, memory: 512MiB}}",
                        "1:23: error: vms.a.guest_page: 1GiB is larger than the VM's memory of 512MiB"),
                Arguments.of(
                        "vms: {a: {memory: 64MiB}}",
                        "1:19: error: vms.a.memory: a working set of 64MiB does not fit into 64MiB with its page tables"),
                Arguments.of(
                        "workload: {references: {trace: no.xz}}",
                        "1:32: error: workload.references.trace: 'no.xz': there is no such file"),
                Arguments.of(
                        "workload: {references: {trace: .}}",
                        "1:32: error: workload.references.trace: '.': is a folder, not a file"),
                Arguments.of(
                        "workload: {references: {writes: 0.3}}",
                        "1:33: error: workload.references.writes: '0.3' is no share"),
                Arguments.of(
                        "workload: {references: {skew: NaN}}",
                        "1:31: error: workload.references.skew: 'NaN' is no skew"),
                Arguments.of(
                        "workload: {instructions: {cpiud: 1/M}}",
                        "1:27: error: workload.instructions: there is no instruction 'cpiud'; did you mean 'cpuid'?"),
                Arguments.of(
                        "workload: {instructions: {movcr3: 1/M}}",
                        "1:27: error: workload.instructions: there is no instruction 'movcr3'"),
                Arguments.of(
                        "workload: {instructions: {in 0x10000: 1/M}}",
                        "1:27: error: workload.instructions: '0x10000' is too large"),
                Arguments.of(
                        "workload: {instructions: {cpuid 1: 1/M}}",
                        "1:27: error: workload.instructions: 'cpuid' takes no operand, but has '1'"),
                Arguments.of(
                        "workload: {instructions: {cpuid: 600/k, hlt: 500/k}}",
                        "1:26: error: workload.instructions: the rates together are more than one in each operation"),
                Arguments.of(
                        "workload: {kernel: {processes: 4096}}",
                        "1:32: error: workload.kernel.processes: '4096' processes with pcid: on"),
                Arguments.of(
                        "workload: {instructions: {hlt: 5}}\nrun: {operations: 4}",
                        "1:1: error: vms.vm: its workload names 5 events in 4 operations"),
                Arguments.of("run: {operations: 0}", "1:19: error: run.operations: '0' is too small"),
                Arguments.of("run: {seed: -1}", "1:13: error: run.seed: '-1' is negative"),
                Arguments.of("compare: {native: {}}", "1:11: error: compare: 'native' cannot be the name of a run"),
                Arguments.of("compare: {a: {title: x}}", "1:15: error: 'title' is no path that a run can change"),
                Arguments.of(
                        "compare: {a: {hypervisor.memroy: nested}}", "1:15: error: unknown key 'memroy' in hypervisor"),
                Arguments.of(
                        "compare: {a: {run.seed.x: 1}}\nrun: {seed: 1}",
                        "1:15: error: 'run.seed.x': 'run.seed' is a single value, which has no keys"),
                Arguments.of("expect: slowdown < 1", "1:9: error: expect: is a single value, not a list"),
                Arguments.of("devices: {}", "1:1: error: unknown key 'devices'"),
                Arguments.of("title: [a]", "1:8: error: title: is a list, not a single value"),
                Arguments.of("machine: 3", "1:10: error: machine: is a single value, not a group of keys"),
                Arguments.of("extends: ./none.yaml", "1:10: error: extends: './none.yaml': there is no such file"),
                Arguments.of(
                        "extends: no-such-name",
                        "1:10: error: extends: 'no-such-name': there is no such file in the library"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsReportedWhereItStands(String yaml, String line) {
        assertEquals("lab.yaml:" + line, lab.errors(yaml).lines().findFirst().orElseThrow());
    }

    @Test
    void expectationsWithoutMeaningStandAmongTheOtherErrors() {
        assertEquals(List.of("2:3", "3:14", "4:25", "5:20"), places("""
                        expect:
                        - exit.total > 1
                        - "slowdown < " # a side is missing
                        hypervisor: {features: {vpdi: off}}
                        vms: {vm: {memory: 512MB}}
                        """));
    }

    @Test
    void aNameThatIsPerhapsThereIsNotMissed() {
        for (String unread : List.of(
                "vms: 3",
                "vsm: {web: {}}",
                "compair: {web: {}}",
                "extend: first-exits",
                "extends: no-such-name",
                "vms: {web: {count: x}}")) {
            assertEquals(
                    1,
                    places(unread + "\nexpect: [vms.web.slowdown > 1, web.vms.web.slowdown > 1]")
                            .size(),
                    unread);
        }
        assertEquals(1, places("machine: 3\nexpect: [tlb.mine.hits > 1]").size());
        assertEquals(
                1,
                places("machine: {preset: none}\nexpect: [tlb.mine.hits > 1]").size());
        assertEquals(2, places("title: []\nexpect: [tlb.mine.hits > 1]").size());
    }

    private List<String> places(String yaml) {
        return lab.errors(yaml)
                .lines()
                .filter(line -> line.startsWith("lab.yaml:"))
                .map(line -> line.replaceAll("^lab\\.yaml:(\\d+:\\d+):.*", "$1"))
                .toList();
    }

    @Test
    void theSameMistakeInManyRunsIsReportedOnce() {
        String said = lab.errors("run: {seed: x}\ncompare: {a: {}, b: {hypervisor.features.vpid: off}}");
        assertEquals(1, said.lines().filter(line -> line.contains("run.seed")).count(), said);
    }

    @Test
    void aMistakeInTheTopLevelWorkloadIsNotRepeatedForEachVm() {
        String said =
                lab.errors("workload: {references: {writes: x}}\nvms: {a: {workload: {cycles_per_operation: 2}}}");
        assertTrue(said.endsWith("1 error in lab.yaml; nothing was run"), said);
    }

    @Test
    void settingsAreNamedAsTheyWereTyped() {
        assertEquals("""
                hvsim run: --set hypervisor.memory=ept: error: hypervisor.memory: there is no 'ept'; here it is called 'nested'
                    choices: native, software_filled, shadow, direct, nested
                1 error in lab.yaml; nothing was run""", lab.errors("run: {}", "hypervisor.memory=ept"));
        String two = lab.errors("run: {}", "hypervisor.memory=shadow,nested");
        assertTrue(
                two.startsWith("hvsim run: error: --set takes one value: 'hypervisor.memory=shadow,nested' has 2\n"),
                two);
        assertTrue(two.contains("--vary hypervisor.memory=shadow,nested"), two);
    }

    @Test
    void variedValuesAreCheckedBeforeAnythingRuns() {
        lab.with("lab.yaml", "run: {}");
        String said = lab.errorsOf("lab.yaml", List.of(), List.of("machine.tlb.stlb.entries=1536,1000"));
        assertTrue(said.contains("1000 entries in 12 ways"), said);
    }
}
