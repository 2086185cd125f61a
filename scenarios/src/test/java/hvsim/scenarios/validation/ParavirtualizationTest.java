package hvsim.scenarios.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.scenarios.file.ScenarioException;
import hvsim.scenarios.microbench.Bench;
import hvsim.scenarios.microbench.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Guests of Xen for x86-32 on a processor of the Pentium 4's family, beside what Barham et al. (2003) have measured there;
 * the figures are those of docs/validation.md.
 */
class ParavirtualizationTest {
    private static double measured(Operation operation, String cpu) throws ScenarioException {
        return operation.measure(new Bench("prescott", List.of("vms.vm.mode=pae", "hypervisor.cpu=" + cpu)));
    }

    private static double extra(Operation operation) throws ScenarioException {
        return measured(operation, "paravirtual") - measured(operation, "native");
    }

    /** F035 and F045: 0.45 and 0.46 us. */
    @Test
    void aSystemCallTakesWhatItTakesNatively() throws ScenarioException {
        assertEquals(0, extra(Operation.SYSCALL));
    }

    /** F163: 3,144 cycles; F165: 816. */
    @Test
    void aPageFaultTakesWhatTwoEntriesTakeAndAProtectionFaultWhatOneDoes() throws ScenarioException {
        assertEquals(2_308, Math.round(extra(Operation.FIRST_TOUCH)));
        assertEquals(964, Math.round(extra(Operation.PGFAULT)));
        assertTrue(extra(Operation.FIRST_TOUCH) * 1.5 > 3_144 && extra(Operation.PGFAULT) < 816 * 1.5);
    }
}
