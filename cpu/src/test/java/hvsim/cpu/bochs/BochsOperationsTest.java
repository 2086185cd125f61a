package hvsim.cpu.bochs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** VMX instructions in root operation come out as they did on Bochs: flags, error numbers, the current VMCS, faults. */
class BochsOperationsTest {
    @Test
    void vmxInstructionsInRootOperationComeOutAsRecorded() {
        List<String> different = new ArrayList<>();
        int[] compared = {0};
        EntryRecording.forEachOperation(Recording.of("entries-skylake"), operation -> {
            compared[0]++;
            String modelled = operation.modelled();
            if (!modelled.equals(operation.recorded())) {
                different.add(operation + ", modelled " + modelled);
            }
        });
        assertEquals(List.of(), different);
        assertEquals(1500, compared[0]);
    }
}
