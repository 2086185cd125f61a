package hvsim.cpu;

import hvsim.cpu.event.Event;
import hvsim.cpu.instruction.Decision;
import hvsim.cpu.instruction.InterruptOperand;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.vmx.InterruptionType;
import org.jspecify.annotations.Nullable;

/** The events that instructions are there to raise; the handler returns behind the instruction (SDM vol. 3, 6.4). */
final class SoftwareEvents {
    private SoftwareEvents() {}

    /** The event that the instruction is there for, or the exception that it leads to. */
    static Event raised(Operation o, Decision decision) {
        Event event = of(o);
        if (event != null && (decision.kind() == Decision.Kind.EXECUTES || event.vector() == decision.vector())) {
            return event;
        }
        return Event.exception(ExceptionVector.byNumber(decision.vector()), Math.max(decision.errorCode(), 0));
    }

    /** The event of the instruction, or null if it is none of these. */
    static @Nullable Event of(Operation o) {
        int length = o.encoding().lengthBytes();
        return switch (o.instruction()) {
            case INT_N -> {
                int vector = InterruptOperand.unpack((int) o.operand()).vector();
                yield Event.software(InterruptionType.SOFTWARE_INTERRUPT, vector, length);
            }
            case INT3 -> exception(InterruptionType.SOFTWARE_EXCEPTION, ExceptionVector.BREAKPOINT, length);
            case INTO -> exception(InterruptionType.SOFTWARE_EXCEPTION, ExceptionVector.OVERFLOW, length);
            case INT1 -> exception(InterruptionType.PRIVILEGED_SOFTWARE_EXCEPTION, ExceptionVector.DEBUG, length);
            default -> null;
        };
    }

    private static Event exception(InterruptionType type, ExceptionVector vector, int lengthBytes) {
        return Event.software(type, vector.number(), lengthBytes);
    }
}
