package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.GuestOp;
import hvsim.cpu.WalkOverlap;
import hvsim.cpu.vmx.VmcsField;
import hvsim.ept.cache.CacheSpec;
import hvsim.ept.cache.CachesSpec;
import hvsim.ept.cache.CoreCaches;
import hvsim.ept.cache.ServedBy;
import hvsim.tlb.PageSize;
import hvsim.vmm.schedule.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SocketsTest {
    private static final CacheSpec L1 = new CacheSpec(4096, 8, 4);
    private static final CacheSpec NONE = new CacheSpec(0, 1, 0);
    private static final CacheSpec L3 = new CacheSpec(1 << 20, 16, 50);
    private static final long MEMORY = 64L << 30;

    private static MachineSpec spec(Optional<CachesSpec> caches) {
        MachineSpec one = TestMachines.nested(TestMachines.FEATURES, 1000, TestMachines.vm("a", true, 1));
        CoreSpec core = new CoreSpec(TestMachines.TLB, TestMachines.WALK, TestMachines.COSTS, caches, WalkOverlap.NONE);
        return new MachineSpec(MEMORY, one.pageLevels(), 2, 4, core, one.hypervisor(), one.vms());
    }

    private static final MachineSpec SPEC = spec(Optional.of(new CachesSpec(false, L1, NONE, L3, 190, 310)));

    private static CoreCaches cachesOf(Sockets sockets, int core) {
        CoreCaches caches = sockets.cachesOf(core);
        assertTrue(caches != null, "there is a hierarchy");
        return caches;
    }

    @Test
    void coresOfOneSocketShareTheThirdLevelAndOthersDoNot() {
        Sockets sockets = new Sockets(SPEC);
        cachesOf(sockets, 0).walk(0x1000);
        assertEquals(50, cachesOf(sockets, 1).walk(0x1000));
        assertEquals(310, cachesOf(sockets, 2).walk(0x1000));
    }

    @Test
    void eachSocketHasAnEqualPartOfTheMemory() {
        Sockets sockets = new Sockets(SPEC);
        assertEquals(190, cachesOf(sockets, 1).walk(MEMORY / 2 - 64));
        assertEquals(310, cachesOf(sockets, 1).walk(MEMORY / 2));
        assertEquals(190, cachesOf(sockets, 3).walk(MEMORY / 2));
    }

    private static final Candidate ON_SECOND = new Candidate(List.of(2, 3), 1);

    /** What served the walks of one core, for a VM whose virtual processors may run on these cores. */
    private static ServedBy walks(int core, Candidate... candidates) {
        List<VmSpec.VcpuSpec> vcpus = new ArrayList<>();
        for (Candidate candidate : candidates) {
            long[] program = TestMachines.wander(1000, 300, vcpus.size());
            vcpus.add(new VmSpec.VcpuSpec(new TestMachines.WordStream(program), candidate));
        }
        VmSpec a = TestMachines.vm("a", false, 1);
        VmSpec vm = new VmSpec("a", a.memoryBytes(), PageSize.SIZE_4K, a.hostPage(), true, a.kernel(), vcpus, 1);
        Machine machine = new Machine(
                new MachineSpec(MEMORY, SPEC.pageLevels(), 2, 4, SPEC.core(), SPEC.hypervisor(), List.of(vm)));
        machine.run(Long.MAX_VALUE);
        assertEquals("", machine.vms().get(0).audit());
        return machine.core(core).counts().caches().walks();
    }

    @Test
    void aVmHasItsMemoryWhereItsFirstVirtualProcessorStarts() {
        assertEquals(0, walks(2, ON_SECOND).memoryRemote());
        assertTrue(walks(2, ON_SECOND).memory() > 300 / 8, "a line of entries for 8 pages");
        assertEquals(0, walks(0, TestMachines.ANYWHERE).memoryRemote());
    }

    @Test
    void aVirtualProcessorOnAnotherSocketFindsAllOfItRemote() {
        ServedBy walks = walks(2, new Candidate(List.of(1), 1), ON_SECOND);
        assertEquals(0, walks.memory());
        assertTrue(walks.memoryRemote() > 300 / 8, "a line of entries for 8 pages");
    }

    @Test
    void whatTheHypervisorKeepsOfAVirtualProcessorIsNearIt() {
        List<VmSpec.VcpuSpec> vcpus = new ArrayList<>();
        for (Candidate candidate : List.of(new Candidate(List.of(1), 1), ON_SECOND)) {
            vcpus.add(new VmSpec.VcpuSpec(new TestMachines.WordStream(), candidate));
        }
        VmSpec a = TestMachines.vm("a", false, 1);
        VmSpec vm = new VmSpec("a", a.memoryBytes(), PageSize.SIZE_4K, a.hostPage(), true, a.kernel(), vcpus, 1);
        Machine machine = new Machine(
                new MachineSpec(MEMORY, SPEC.pageLevels(), 2, 4, SPEC.core(), SPEC.hypervisor(), List.of(vm)));
        long root = machine.vms().get(0).vcpu(0).vmcs().read(VmcsField.HOST_CR3);
        NaiveTables tables = new NaiveTables(machine.memory(), NaiveTables.NONE);
        long data = (GuestOp.GVA_MASK & -1L << 46) + (1L << 30);
        assertTrue(tables.at(root, data + 2 * 4096).hpa() < MEMORY / 2, "of the first virtual processor");
        assertTrue(tables.at(root, data + 4 * 4096).hpa() >= MEMORY / 2, "of the second");
    }

    @Test
    void thereIsNoneWhereAReferenceTakesTheSameTimeEverywhere() {
        assertNull(new Sockets(spec(Optional.empty())).cachesOf(0));
    }
}
