package hvsim.cpu.instruction;

import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.VmxControl;
import org.jspecify.annotations.Nullable;

/**
 * When an instruction exits in non-root mode (SDM vol. 3, 25.1.2 and 25.1.3).
 *
 * @param reason null for one that never does
 * @param control that alone decides; null where it is always, never, or {@link When#BY_OPERAND}
 */
public record Exiting(
        When when, @Nullable ExitReason reason, @Nullable VmxControl control) {
    /** What it depends on. */
    public enum When {
        NEVER,
        ALWAYS,
        BY_CONTROL,
        /** By controls, bitmaps or masks together with the operand. */
        BY_OPERAND
    }

    static Exiting never() {
        return new Exiting(When.NEVER, null, null);
    }

    static Exiting always(ExitReason reason) {
        return new Exiting(When.ALWAYS, reason, null);
    }

    static Exiting when(ExitReason reason, VmxControl control) {
        return new Exiting(When.BY_CONTROL, reason, control);
    }

    static Exiting byOperand(ExitReason reason) {
        return new Exiting(When.BY_OPERAND, reason, null);
    }
}
