package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.GuestOp;
import hvsim.cpu.NestedCounts;
import hvsim.cpu.Vcpu;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Passage;
import hvsim.cpu.vmx.ExitReason;
import hvsim.ept.GuestPage;
import hvsim.tlb.PageSize;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.HardwareSpec.Feature;
import hvsim.vmm.kernel.GuestMode;
import hvsim.vmm.kernel.KernelSpec;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A guest hypervisor of one virtual processor, and what an exit of its guest leads to. */
class NestedVirtualizationTest {
    private static final long CPUID = GuestOp.instruction(Instruction.CPUID, 0, 0);
    private static final Set<Feature> OFFERED =
            EnumSet.of(Feature.VPID, Feature.MSR_BITMAP, Feature.IO_BITMAP, Feature.HLT_EXITING);

    private static Machine run(boolean shadowing, VmSpec vm) {
        Set<Feature> features = EnumSet.copyOf(TestMachines.FEATURES);
        if (shadowing) {
            features.add(Feature.VMCS_SHADOWING);
        }
        Machine machine = new Machine(TestMachines.nested(features, 1_000_000, vm));
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        assertEquals("", machine.vms().get(0).audit());
        return machine;
    }

    private static Vcpu guest(boolean shadowing, long... words) {
        return run(shadowing, nested(OFFERED, PageSize.SIZE_4K, words))
                .vms()
                .get(0)
                .vcpu(0);
    }

    static VmSpec nested(Set<Feature> features, PageSize hostPage, long... words) {
        return nested(TestMachines.hardware(features, 1_000_000), hostPage, words);
    }

    private static VmSpec nested(HardwareSpec own, PageSize hostPage, long... words) {
        return new VmSpec(
                "vm",
                64L << 20,
                GuestMode.LONG,
                GuestPage.KIB_4,
                hostPage,
                false,
                KernelSpec.of(1, false),
                List.of(new VmSpec.VcpuSpec(new TestMachines.WordStream(words), TestMachines.ANYWHERE)),
                List.of(1),
                Optional.of(own),
                List.of());
    }

    private static long reflected(Vcpu vcpu, Passage reason) {
        return vcpu.total().nested().reflected().samples(reason);
    }

    private static long own(Vcpu vcpu, Passage reason) {
        return vcpu.total().nested().ofGuestHypervisor().samples(reason);
    }

    @Test
    void anExitOfTheGuestLeadsToAnExitForEachVmxInstructionOfItsHypervisor() {
        Vcpu vcpu = guest(false, CPUID, GuestOp.work(10), CPUID);
        assertEquals(2, reflected(vcpu, ExitReason.CPUID));
        assertEquals(20, own(vcpu, ExitReason.VMREAD));
        assertEquals(2, own(vcpu, ExitReason.VMWRITE));
        assertEquals(2, own(vcpu, ExitReason.VMRESUME));
        assertEquals(2, vcpu.operations());
    }

    @Test
    void withVmcsShadowingVmresumeAloneIsLeft() {
        NestedCounts counts = guest(true, CPUID).total().nested();
        assertEquals(1, counts.ofGuestHypervisor().samples(ExitReason.VMRESUME));
        assertEquals(0, counts.ofGuestHypervisor().samples(ExitReason.VMREAD));
        assertEquals(0, counts.ofGuestHypervisor().samples(ExitReason.VMWRITE));
    }

    @Test
    void whatTheGuestReadsIsWhatItReadsNatively() {
        long[] words = {
            CPUID,
            GuestOp.instruction(Instruction.MOV_FROM_CR0, 0, 0),
            GuestOp.instruction(Instruction.RDMSR, 0, 0x1A0),
            GuestOp.instruction(Instruction.IN, 0, 0x71),
            GuestOp.instruction(Instruction.VMXOFF, 0, 0),
            GuestOp.instruction(Instruction.MOV_FROM_CR4, 0, 0)
        };
        Machine bare = new Machine(TestMachines.bare(TestMachines.vm("vm", false, 1, words)));
        assertTrue(bare.run(Long.MAX_VALUE));
        long natively = bare.vms().get(0).vcpu(0).observations().digest();
        assertEquals(natively, guest(false, words).observations().digest());
        assertEquals(natively, guest(true, words).observations().digest());
    }

    @Test
    void memoryIsGivenByBothHypervisorsAndComposedOnce() {
        for (PageSize page : List.of(PageSize.SIZE_4K, PageSize.SIZE_2M)) {
            Vcpu vcpu = run(true, nested(OFFERED, page, TestMachines.wander(2000, 40, 1)))
                    .vms()
                    .get(0)
                    .vcpu(0);
            long given = reflected(vcpu, ExitReason.EPT_VIOLATION);
            long all = vcpu.exits().samples(ExitReason.EPT_VIOLATION);
            assertEquals(2 * given, all, "one exit that is reflected, and one to compose the entry");
            assertEquals(page == PageSize.SIZE_4K ? 40 : 0, given);
        }
    }

    @Test
    void whatAGuestHypervisorDropsByInveptIsComposedAnew() {
        long[] touches = TestMachines.wander(200, 4, 1);
        long[] words = LongStream.concat(
                        LongStream.concat(LongStream.of(touches), LongStream.of(CPUID)), LongStream.of(touches))
                .toArray();
        Machine machine = new Machine(
                TestMachines.nested(TestMachines.FEATURES, 1_000_000, nested(OFFERED, PageSize.SIZE_4K, words)));
        Vcpu vcpu = machine.vms().get(0).vcpu(0);
        for (long until = 0; vcpu.operations() < 200 || !vcpu.levels().isInGuestHypervisor(); until += 100) {
            assertFalse(machine.run(until));
        }
        long before = vcpu.exits().samples(ExitReason.EPT_VIOLATION);
        vcpu.pushKernelProgram().add(GuestOp.instruction(Instruction.INVEPT, 0, 0));
        assertTrue(machine.run(Long.MAX_VALUE));
        assertEquals(1, own(vcpu, ExitReason.INVEPT));
        assertTrue(vcpu.exits().samples(ExitReason.EPT_VIOLATION) > before, "its guest's pages are missed once more");
        assertEquals(401, vcpu.operations());
    }

    @Test
    void anInvlpgThatItsHypervisorWantsLeadsToItsInvvpid() {
        Set<Feature> features = EnumSet.copyOf(OFFERED);
        features.add(Feature.INVLPG_EXITING);
        long[] words = {GuestOp.instructionWithValue(Instruction.INVLPG, 0, 0), 4096};
        Vcpu vcpu = run(true, nested(features, PageSize.SIZE_4K, words))
                .vms()
                .get(0)
                .vcpu(0);
        assertEquals(1, reflected(vcpu, ExitReason.INVLPG));
        assertEquals(1, own(vcpu, ExitReason.INVVPID));
    }

    @Test
    void withTheNestedVmOneLevelMoreCostsMore() {
        long[] words = TestMachines.wander(5000, 30, 3);
        words[100] = CPUID;
        Machine one = new Machine(
                TestMachines.nested(TestMachines.FEATURES, 1_000_000, TestMachines.vm("vm", false, 1, words)));
        assertTrue(one.run(Long.MAX_VALUE));
        Machine two = run(true, nested(OFFERED, PageSize.SIZE_4K, words));
        assertTrue(two.clock() > one.clock());
    }
}
