package hvsim.cpu.instruction;

import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.vmx.VmcsField;
import org.jspecify.annotations.Nullable;

/** Instructions that are there to raise an exception, or divide by 0; the exception bitmap has them exit (SDM vol. 3, 25.2). */
final class SoftwareExceptions {
    private SoftwareExceptions() {}

    static @Nullable Decision exit(Operation o, Processor p) {
        ExceptionVector vector = raisedBy(o);
        return vector != null && (p.vmcs().read(VmcsField.EXCEPTION_BITMAP) >>> vector.number() & 1) != 0
                ? Decision.exceptionExit(vector, o.encoding().lengthBytes())
                : null;
    }

    static @Nullable Decision fault(Operation o) {
        ExceptionVector vector = raisedBy(o);
        Rule rule = o.instruction() == Instruction.UD2 ? Rule.ALWAYS_UNDEFINED : Rule.RAISES_ITS_EXCEPTION;
        return vector == null ? null : Decision.fault(rule, vector);
    }

    /** The exception that the instruction raises, or null. */
    static @Nullable ExceptionVector raisedBy(Operation o) {
        return switch (o.instruction()) {
            case INT1 -> ExceptionVector.DEBUG;
            case INT3 -> ExceptionVector.BREAKPOINT;
            case INTO -> o.operand() != 0 ? ExceptionVector.OVERFLOW : null;
            case BOUND -> o.operand() != 0 ? ExceptionVector.BOUND_RANGE : null;
            case DIV -> o.operand() != 0 ? ExceptionVector.DIVIDE_ERROR : null;
            case UD2 -> ExceptionVector.INVALID_OPCODE;
            default -> null;
        };
    }
}
