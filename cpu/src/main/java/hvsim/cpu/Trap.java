package hvsim.cpu;

import hvsim.cpu.event.Event;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Operation;
import org.jspecify.annotations.Nullable;

/**
 * A passage of a deprivileged guest to the hypervisor, which has to handle it.
 *
 * @param event what came through the hypervisor's interrupt-descriptor table; null for SYSCALL
 * @param operation the instruction that the guest stands at, as software decodes it at RIP; null at a memory reference,
 *     and between two instructions
 * @param isCrossing whether the instruction is one that programs do not name: the way into the guest's kernel, or back
 */
public record Trap(
        Vcpu vcpu,
        TrapReason reason,
        @Nullable Event event,
        @Nullable Operation operation,
        boolean isCrossing) {
    /**
     * What came.
     *
     * @throws IllegalStateException if nothing did: SYSCALL has no event
     */
    public Event cause() {
        if (event == null) {
            throw new IllegalStateException(reason + " is no event");
        }
        return event;
    }
}
