package hvsim.cpu.svm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.vmx.ExitReason;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SvmExitTest {
    @Test
    void aReasonHasAtMostOneIntercept() {
        Set<ExitReason> seen = new HashSet<>();
        for (SvmExit exit : SvmExit.values()) {
            exit.reasons().forEach(reason -> assertTrue(seen.add(reason), reason.name()));
        }
    }

    @Test
    void codesAndNamesAreDistinct() {
        Set<Integer> codes = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (SvmExit exit : SvmExit.values()) {
            assertTrue(codes.add(exit.code()), exit.name());
            exit.reasons().forEach(reason -> assertTrue(names.add(exit.named(reason)), exit.named(reason)));
        }
    }

    @Test
    void whatSvmLacksHasNoName() {
        assertEquals(Optional.empty(), SvmExit.of(ExitReason.PREEMPTION_TIMER));
        assertEquals(Optional.empty(), SvmExit.of(ExitReason.MONITOR_TRAP_FLAG));
        assertEquals(Optional.empty(), SvmExit.of(ExitReason.PML_FULL));
    }

    @Test
    void readsAndWritesOfMsrsShareACode() {
        SvmExit msr = SvmExit.of(ExitReason.MSR_WRITE).orElseThrow();
        assertEquals(0x7c, msr.code());
        assertEquals("VMEXIT_MSR:W", msr.named(ExitReason.MSR_WRITE));
        assertEquals(
                "VMEXIT_NPF", SvmExit.of(ExitReason.EPT_VIOLATION).orElseThrow().named(ExitReason.EPT_VIOLATION));
    }
}
