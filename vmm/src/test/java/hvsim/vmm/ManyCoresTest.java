package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.CyclePart;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.kernel.KernelSpec;
import hvsim.vmm.schedule.Candidate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ManyCoresTest {
    private static final long SLICE = 30_000;
    private static final int REFERENCES = 10_000;

    private static VmSpec vm(String name, int vcpus, Candidate candidate) {
        List<VmSpec.VcpuSpec> all = new ArrayList<>();
        for (int i = 0; i < vcpus; i++) {
            long[] program = TestMachines.wander(REFERENCES, 300, 7L * i + name.hashCode());
            all.add(new VmSpec.VcpuSpec(new TestMachines.WordStream(program), candidate));
        }
        KernelSpec kernel = TestMachines.vm(name, false, 1).kernel();
        return new VmSpec(name, 64L << 20, PageSize.SIZE_4K, PageSize.SIZE_4K, false, kernel, all, 1);
    }

    private static Machine machine(int sockets, int cores, VmSpec... vms) {
        MachineSpec one = TestMachines.nested(TestMachines.FEATURES, SLICE, vms);
        return new Machine(new MachineSpec(
                one.memoryBytes(), one.pageLevels(), sockets, cores, one.core(), one.hypervisor(), one.vms()));
    }

    private static void finish(Machine machine) {
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        for (Vm vm : machine.vms()) {
            assertEquals("", vm.audit());
            vm.vcpus().forEach(vcpu -> assertEquals(REFERENCES, vcpu.vcpu().operations()));
        }
    }

    @Test
    void virtualProcessorsOfOneVmShareItsMemory() {
        Machine machine = machine(1, 2, vm("a", 2, TestMachines.ANYWHERE));
        finish(machine);
        long pages = machine.vms().get(0).backedBytes() >>> 12;
        assertTrue(pages >= 300 && pages <= 316, "one each, whoever came first, and " + (pages - 300) + " tables");
    }

    @Test
    void twoCoresTakeHalfTheTime() {
        Machine one = machine(1, 1, vm("a", 1, TestMachines.ANYWHERE), vm("b", 1, TestMachines.ANYWHERE));
        Machine two = machine(1, 2, vm("a", 1, TestMachines.ANYWHERE), vm("b", 1, TestMachines.ANYWHERE));
        finish(one);
        finish(two);
        assertEquals(0.5, (double) two.clock() / one.clock(), 0.05);
    }

    @Test
    void aVmAloneOnEachCoreRunsAsOnACoreOfItsOwn() {
        Machine alone = machine(1, 1, vm("a", 1, TestMachines.ANYWHERE));
        Machine four = machine(
                2,
                4,
                vm("a", 1, new Candidate(List.of(2), 1)),
                vm("b", 1, new Candidate(List.of(0), 1)),
                vm("c", 1, new Candidate(List.of(3), 1)));
        finish(alone);
        finish(four);
        for (CyclePart part : CyclePart.values()) {
            assertEquals(
                    alone.vms().get(0).vcpu(0).cycles(part),
                    four.vms().get(0).vcpu(0).cycles(part),
                    part.name());
        }
        assertEquals(0, four.core(1).clock(), "nobody ran there");
    }

    @Test
    void aBareMachineHasACoreForEachVirtualProcessor() {
        VmSpec vm = vm("a", 3, TestMachines.ANYWHERE);
        MachineSpec one = TestMachines.bare(TestMachines.vm("a", false, 1));
        Machine machine =
                new Machine(new MachineSpec(vm.memoryBytes(), 4, 1, 3, one.core(), Optional.empty(), List.of(vm)));
        finish(machine);
        assertEquals(0, machine.vms().get(0).vcpu(2).cycles(CyclePart.IDLE));
    }

    private static Machine busy() {
        return machine(3, 3, vm("a", 2, TestMachines.ANYWHERE), vm("b", 3, TestMachines.ANYWHERE));
    }

    private static byte[] saved(Machine machine) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        machine.transfer(Snapshot.savingTo(new DataOutputStream(bytes)));
        return bytes.toByteArray();
    }

    /** Run N, save, load, run M equals run N + M, with any steps. */
    @Test
    void aLoadedMachineGoesOnAsTheSavedOne() throws IOException {
        Machine through = busy();
        through.run(Long.MAX_VALUE);
        byte[] end = saved(through);
        Machine stepped = busy();
        boolean done = false;
        for (long until = 777; !done; until += 77_777) {
            done = stepped.run(until);
            Machine resumed = busy();
            resumed.transfer(Snapshot.loadingFrom(new DataInputStream(new ByteArrayInputStream(saved(stepped)))));
            finish(resumed);
            assertArrayEquals(end, saved(resumed), "saved at " + until);
        }
    }
}
