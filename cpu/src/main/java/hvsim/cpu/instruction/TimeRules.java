package hvsim.cpu.instruction;

import hvsim.cpu.vmx.VmxControl;
import org.jspecify.annotations.Nullable;

/** Exits of PAUSE (SDM vol. 3, 325384-059US, 25.1.3). */
final class TimeRules {
    private TimeRules() {}

    static @Nullable Rule exitOfPause(Operation o, Processor p) {
        if (p.has(VmxControl.PAUSE_EXITING)) {
            return Rule.EXITS_BY_CONTROL;
        }
        boolean watched = p.has(VmxControl.PAUSE_LOOP_EXITING) && p.cpl() == 0;
        return watched && o.operand() != 0 ? Rule.EXITS_IN_A_PAUSE_LOOP : null;
    }
}
