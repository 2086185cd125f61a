package hvsim.cpu.event;

import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;

/** Which exceptions exit, and what becomes of an exception during the delivery of another event. */
public final class ExceptionRules {
    /** What two events together are (SDM vol. 3, table 6-5). */
    public enum Combination {
        /** The second is delivered; the first comes again if its cause is still there. */
        SERIAL,
        DOUBLE_FAULT,
        /** No event: shutdown, or a VM exit. */
        TRIPLE_FAULT
    }

    private ExceptionRules() {}

    /**
     * Whether an event exits by the exception bitmap (SDM vol. 3, 25.2): never INT n; of page faults the error code
     * decides whether the bit counts or its opposite.
     */
    public static boolean exits(Event event, Vmcs vmcs) {
        if (!event.type().isException() || event.vector() > 31) {
            return false;
        }
        boolean bit = (vmcs.read(VmcsField.EXCEPTION_BITMAP) >>> event.vector() & 1) != 0;
        return event.is(ExceptionVector.PAGE_FAULT) ? bit == isSelected(event.errorCode(), vmcs) : bit;
    }

    private static boolean isSelected(int errorCode, Vmcs vmcs) {
        long masked = errorCode & vmcs.read(VmcsField.PAGE_FAULT_ERROR_CODE_MASK);
        return masked == vmcs.read(VmcsField.PAGE_FAULT_ERROR_CODE_MATCH);
    }

    /** The second came while the first was being delivered. Interrupts and software events are benign. */
    public static Combination combine(Event first, Event second) {
        return combine(first.severity(), second.severity());
    }

    private static Combination combine(Severity first, Severity second) {
        boolean benign = second == Severity.BENIGN;
        return switch (first) {
            case BENIGN -> Combination.SERIAL;
            case CONTRIBUTORY -> second == Severity.CONTRIBUTORY ? Combination.DOUBLE_FAULT : Combination.SERIAL;
            case PAGE_FAULT -> benign ? Combination.SERIAL : Combination.DOUBLE_FAULT;
            case DOUBLE_FAULT -> benign ? Combination.SERIAL : Combination.TRIPLE_FAULT;
        };
    }
}
