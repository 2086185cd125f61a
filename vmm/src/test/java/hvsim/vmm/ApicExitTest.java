package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.Core;
import hvsim.cpu.CoreSpec;
import hvsim.cpu.GuestOp;
import hvsim.cpu.RunOutcome;
import hvsim.cpu.Vcpu;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.tlb.PageSize;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HardwareSpec.Feature;
import hvsim.vmm.cpu.Platform;
import hvsim.vmm.cpu.hardware.HardwareAssisted;
import hvsim.vmm.device.DeviceSetup;
import hvsim.vmm.host.HostSpec;
import hvsim.vmm.kernel.GuestKernel;
import hvsim.vmm.memory.MachineFrames;
import hvsim.vmm.memory.MemoryMap;
import hvsim.vmm.memory.NestedMemory;
import hvsim.vmm.schedule.Policy;
import hvsim.vmm.schedule.Scheduler;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Exits of virtualized APICs that no scenario sets the controls for, and what the hypervisor does about them. */
class ApicExitTest {
    private static final long PAGE = 1L << 32;
    private static final int LEVEL_TRIGGERED = 0x52;
    private static final int EDGE_TRIGGERED = 0x63;
    private static final long CPUID = GuestOp.instruction(Instruction.CPUID, 0, 0);

    /** One virtual processor on one core, whose page of the local APIC is where {@link #PAGE} is in its memory. */
    private static final class Host {
        private final PhysicalMemory memory = new PhysicalMemory(1L << 30);
        private final Core core =
                new Core(new CoreSpec(TestMachines.TLB, TestMachines.WALK, TestMachines.COSTS), memory);
        private final NestedMemory nested;
        private final Vcpu vcpu;
        private final GuestKernel kernel;
        private final HardwareAssisted technique;

        Host(long... program) {
            MachineFrames frames = new MachineFrames(1, 1L << 30);
            VmSpec spec = TestMachines.vm("vm", false, 1, program);
            nested = new NestedMemory(new MemoryMap(
                    memory,
                    PageTable.LEVELS,
                    TableLayout.FOUR_LEVEL,
                    frames,
                    frames.of(1, 0),
                    frames.ofHypervisor(0),
                    PageSize.SIZE_4K,
                    spec.memoryBytes()));
            vcpu = new Vcpu("vm", spec.vcpus().get(0).workload(), 1);
            kernel = new GuestKernel(spec.guestMemory(), spec.kernel(), List.of(vcpu), nested);
            Platform platform = new Platform(
                    List.of(core),
                    memory,
                    PageTable.LEVELS,
                    frames.ofHypervisor(0),
                    HostSpec.BARE_METAL,
                    List.of(new Guest(vcpu, nested, 0, 1, frames.ofHypervisor(0))),
                    new Scheduler(Policy.ROUND_ROBIN, 1, List.of(TestMachines.ANYWHERE)));
            technique = new HardwareAssisted(
                    platform,
                    TestMachines.hardware(TestMachines.FEATURES, 1_000_000),
                    new DeviceSetup(memory, List.of(), List.of(core)));
            technique.start();
        }

        void run() {
            RunOutcome outcome = core.run(Long.MAX_VALUE);
            while (outcome != RunOutcome.PROGRAM_END) {
                switch (outcome) {
                    case VM_EXIT -> technique.handleExit(0);
                    case PREMAP -> kernel.premap(0, core.request().gva());
                    case MARK -> showApic();
                    default -> throw new AssertionError(outcome);
                }
                outcome = core.run(Long.MAX_VALUE);
            }
        }

        private void showApic() {
            long gpa = nested.guestTable(vcpu.registers().cr3 & -4096L).translate(PAGE);
            Vmcs vmcs = vcpu.vmcs();
            long root = vmcs.ep4ta();
            vmcs.set(VmxControl.VIRTUALIZE_APIC_ACCESSES, true);
            vmcs.write(
                    VmcsField.APIC_ACCESS_ADDRESS,
                    PageTable.ofMachine(memory, root, PageTable.LEVELS).translate(gpa));
        }
    }

    private static long reference(int kind, int offset) {
        return GuestOp.memory(kind, PAGE + offset, 4);
    }

    private static long[] wrmsr(int msr, long value) {
        return new long[] {GuestOp.instructionWithValue(Instruction.WRMSR, 0, msr), value};
    }

    @Test
    void whatTheGuestDoesWithThePageIsDoneWithItsApic() {
        long[] priority = wrmsr(ApicMsr.TASK_PRIORITY, 0x40);
        long readPriority = GuestOp.instruction(Instruction.RDMSR, 0, ApicMsr.TASK_PRIORITY);
        Host host = new Host(
                GuestOp.premap(PAGE),
                reference(GuestOp.READ, 0x80),
                GuestOp.mark(1),
                CPUID,
                priority[0],
                priority[1],
                readPriority,
                reference(GuestOp.READ, 0x80),
                readPriority,
                reference(GuestOp.WRITE, 0x84),
                readPriority,
                reference(GuestOp.WRITE, 0x80),
                readPriority,
                reference(GuestOp.MODIFY, 0xB0));
        host.run();
        assertEquals(4, host.vcpu.exits().samples(ExitReason.APIC_ACCESS));
        long[] expected = {0x40, 0x40, 0x40, 0};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], host.vcpu.observations().at(1 + i).value(), "read " + i);
        }
        assertEquals(11, host.vcpu.operations());
    }

    @Test
    void theEndOfAnInterruptExitsWhereItsSourceHasToBeTold() {
        long[] level = wrmsr(ApicMsr.SELF_IPI, LEVEL_TRIGGERED);
        long[] edge = wrmsr(ApicMsr.SELF_IPI, EDGE_TRIGGERED);
        long[] end = wrmsr(ApicMsr.END_OF_INTERRUPT, 0);
        long[] program = {
            GuestOp.instruction(Instruction.STI, 0, 0),
            CPUID,
            edge[0],
            edge[1],
            end[0],
            end[1],
            level[0],
            level[1],
            end[0],
            end[1],
            edge[0],
            edge[1],
            end[0],
            end[1],
            GuestOp.instruction(Instruction.RDMSR, 0, ApicMsr.IN_SERVICE + 2)
        };
        Set<Feature> features = EnumSet.copyOf(TestMachines.FEATURES);
        features.addAll(List.of(Feature.TPR_SHADOW, Feature.VIRTUAL_INTERRUPTS));
        Machine machine =
                new Machine(TestMachines.nested(features, 1_000_000, TestMachines.vm("vm", false, 1, program)));
        Vcpu vcpu = machine.vms().get(0).vcpu(0);
        vcpu.vmcs().write(VmcsField.EOI_EXIT_BITMAP1, 1L << (LEVEL_TRIGGERED & 63));
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        assertEquals(1, vcpu.exits().samples(ExitReason.EOI_INDUCED));
        assertEquals(0, vcpu.registers().rax, "nothing is in service");
    }
}
