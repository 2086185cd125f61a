package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.GuestOp;
import hvsim.cpu.WalkOverlap;
import hvsim.cpu.instruction.Instruction;
import hvsim.ept.cache.CacheSpec;
import hvsim.ept.cache.CachesSpec;
import hvsim.tlb.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Run N, save, load, run M equals run N + M. */
class SavedMachineLawTest {
    private static final long SLICE = 30_000;

    /** Data and walks compete in small caches, and two page walkers hide a part of each walk. */
    private static final CoreSpec WITH_CACHES = new CoreSpec(
            TestMachines.TLB,
            TestMachines.WALK,
            TestMachines.COSTS,
            Optional.of(new CachesSpec(
                    true,
                    new CacheSpec(4096, 4, 4),
                    new CacheSpec(32 << 10, 8, 14),
                    new CacheSpec(192 << 10, 12, 50),
                    190,
                    190)),
            new WalkOverlap(2, WalkOverlap.WHOLE / 3));

    private static final CoreSpec WITHOUT = new CoreSpec(TestMachines.TLB, TestMachines.WALK, TestMachines.COSTS);

    private static Machine machine(CoreSpec core) {
        MachineSpec spec = TestMachines.nested(
                TestMachines.FEATURES,
                SLICE,
                TestMachines.vm("a", true, 2, program(5)),
                TestMachines.vm("b", false, 1, program(6)));
        return new Machine(new MachineSpec(spec.memoryBytes(), core, spec.hypervisor(), spec.vms()));
    }

    /** References with an exiting instruction now and then, and pages all along. */
    private static long[] program(long seed) {
        long[] wander = TestMachines.wander(8_000, 2_000, seed);
        for (int i = 97; i < wander.length; i += 97) {
            if (GuestOp.kind(wander[i]) != GuestOp.PSEUDO) {
                wander[i] = GuestOp.instruction(Instruction.CPUID, 0, 0);
            }
        }
        return wander;
    }

    private static byte[] saved(Machine machine) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        machine.transfer(Snapshot.savingTo(new DataOutputStream(bytes)));
        return bytes.toByteArray();
    }

    private static Machine loaded(CoreSpec core, byte[] state) {
        Machine machine = machine(core);
        machine.transfer(Snapshot.loadingFrom(new DataInputStream(new ByteArrayInputStream(state))));
        return machine;
    }

    @Test
    void aLoadedMachineGoesOnAsTheSavedOne() throws IOException {
        check(WITHOUT);
    }

    @Test
    void soDoesOneWithAMemoryHierarchy() throws IOException {
        check(WITH_CACHES);
    }

    private static void check(CoreSpec core) throws IOException {
        Machine through = machine(core);
        through.run(Long.MAX_VALUE);
        byte[] end = saved(through);
        Machine stepped = machine(core);
        boolean done = false;
        for (long until = 777; !done; until += 377_777) {
            done = stepped.run(until);
            Machine resumed = loaded(core, saved(stepped));
            resumed.run(Long.MAX_VALUE);
            resumed.checkSums();
            assertArrayEquals(end, saved(resumed), "saved at " + until);
        }
    }
}
