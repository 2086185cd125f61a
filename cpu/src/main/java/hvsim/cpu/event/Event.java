package hvsim.cpu.event;

import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.vmx.InterruptionInfo;
import hvsim.cpu.vmx.InterruptionType;
import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * An event that is delivered through the interrupt-descriptor table, or exits in place of that.
 *
 * @param vector 0 to 255
 * @param errorCode what its delivery pushes, or {@link #NO_ERROR_CODE}
 * @param information exit qualification: the address of a page fault, the conditions of a debug exception; else 0
 * @param lengthBytes of the instruction that made a software event; else 0
 */
public record Event(InterruptionType type, int vector, int errorCode, long information, int lengthBytes) {
    public static final int NO_ERROR_CODE = -1;

    public Event {
        if (vector < 0 || vector > 0xFF) {
            throw new IllegalArgumentException("there is no vector " + vector);
        }
        if (!type.isSoftware() && lengthBytes != 0) {
            throw new IllegalArgumentException(type + " with an instruction of " + lengthBytes + " bytes");
        }
    }

    public static Event nmi() {
        return new Event(InterruptionType.NMI, ExceptionVector.NON_MASKABLE_INTERRUPT.number(), NO_ERROR_CODE, 0, 0);
    }

    public static Event interrupt(int vector) {
        return new Event(InterruptionType.EXTERNAL_INTERRUPT, vector, NO_ERROR_CODE, 0, 0);
    }

    /** An exception without information; the error code counts only where the vector has one. */
    public static Event exception(ExceptionVector exception, int errorCode) {
        return exception(exception, errorCode, 0);
    }

    public static Event exception(ExceptionVector exception, int errorCode, long information) {
        int pushed = exception.hasErrorCode() ? errorCode : NO_ERROR_CODE;
        return new Event(InterruptionType.HARDWARE_EXCEPTION, exception.number(), pushed, information, 0);
    }

    public static Event pageFault(long gva, int errorCode) {
        return exception(ExceptionVector.PAGE_FAULT, errorCode, gva);
    }

    /** INT n, INT1, INT3 or INTO. */
    public static Event software(InterruptionType type, int vector, int lengthBytes) {
        return new Event(type, vector, NO_ERROR_CODE, 0, lengthBytes);
    }

    /**
     * The event that an entry injects.
     *
     * @param info field 4016H
     * @param errorCode field 4018H
     * @param lengthBytes field 401AH
     * @param cr2 what software has put there: no injection changes it
     */
    public static Event injected(long info, long errorCode, long lengthBytes, long cr2) {
        InterruptionType type = InterruptionInfo.type(info);
        int vector = InterruptionInfo.vector(info);
        return new Event(
                type,
                vector,
                InterruptionInfo.hasErrorCode(info) ? (int) errorCode : NO_ERROR_CODE,
                vector == ExceptionVector.PAGE_FAULT.number() ? cr2 : 0,
                type.isSoftware() ? (int) lengthBytes : 0);
    }

    /** Itself when a state is saved; what was saved, when one is loaded. */
    public Event transferred(Snapshot snapshot) {
        return new Event(
                InterruptionType.byNumber(snapshot.transfer(type.number())),
                snapshot.transfer(vector),
                snapshot.transfer(errorCode),
                snapshot.transfer(information),
                snapshot.transfer(lengthBytes));
    }

    /** The same of one that there may be. */
    public static @Nullable Event transferredIfAny(@Nullable Event event, Snapshot snapshot) {
        boolean is = snapshot.transfer(event != null);
        Event one = (event == null ? nmi() : event).transferred(snapshot);
        return is ? one : null;
    }

    public boolean hasErrorCode() {
        return errorCode != NO_ERROR_CODE;
    }

    public boolean is(ExceptionVector exception) {
        return type.isException() && vector == exception.number();
    }

    /** As the VMCS has it. */
    public long interruptionInfo() {
        return InterruptionInfo.pack(type, vector, hasErrorCode());
    }

    /** What it does to another event during whose delivery it comes, or that comes during its own. */
    Severity severity() {
        boolean defined = type == InterruptionType.HARDWARE_EXCEPTION && ExceptionVector.isDefined(vector);
        return defined ? Severity.of(ExceptionVector.byNumber(vector)) : Severity.BENIGN;
    }
}
