package hvsim.scenarios.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.scenarios.file.Scenario;
import hvsim.vmm.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The heap of the tests is 1 GiB; what a guest does not touch takes none of it. */
@Tag("long")
class BigGuestTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"premapped", "demand"})
    void aGuestOfOneTebibyteTouchesFourGibibytesInPieces(String paging) throws Exception {
        Scenario scenario = Machinery.scenario(write(), "workload.kernel.paging=" + paging);
        Machine machine = Machinery.machine(scenario);
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        long touched = machine.vms().get(0).backedBytes();
        assertTrue(touched > 4L << 30, () -> touched + " bytes");
        assertEquals("", machine.vms().get(0).audit());
    }

    /** 4 GiB in steps of 64 bytes. */
    private Path write() throws IOException {
        return Files.writeString(folder.resolve("big.yaml"), """
                machine: {memory: 2TiB}
                vms: {vm: {memory: 1030GiB}}
                workload:
                  references: {pattern: uniform, working_set: 1TiB, run: 64KiB}
                run: {operations: 67108864}
                """);
    }
}
