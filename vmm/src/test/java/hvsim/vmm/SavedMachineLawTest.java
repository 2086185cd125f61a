package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import hvsim.cpu.GuestOp;
import hvsim.cpu.instruction.Instruction;
import hvsim.tlb.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Run N, save, load, run M equals run N + M. */
class SavedMachineLawTest {
    private static final long SLICE = 30_000;

    private static Machine machine() {
        return new Machine(TestMachines.nested(
                TestMachines.FEATURES,
                SLICE,
                TestMachines.vm("a", true, 2, program(5)),
                TestMachines.vm("b", false, 1, program(6))));
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

    private static Machine loaded(byte[] state) {
        Machine machine = machine();
        machine.transfer(Snapshot.loadingFrom(new DataInputStream(new ByteArrayInputStream(state))));
        return machine;
    }

    @Test
    void aLoadedMachineGoesOnAsTheSavedOne() throws IOException {
        Machine through = machine();
        through.run(Long.MAX_VALUE);
        byte[] end = saved(through);
        Machine stepped = machine();
        boolean done = false;
        for (long until = 777; !done; until += 377_777) {
            done = stepped.run(until);
            Machine resumed = loaded(saved(stepped));
            resumed.run(Long.MAX_VALUE);
            resumed.checkSums();
            assertArrayEquals(end, saved(resumed), "saved at " + until);
        }
    }
}
