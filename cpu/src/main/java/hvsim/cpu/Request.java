package hvsim.cpu;

import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.event.Event;
import hvsim.cpu.vmx.InterruptionType;
import org.jspecify.annotations.Nullable;

/**
 * What a core cannot settle by itself, and asks of whoever runs it: the outcome of {@link Core#run}, and what goes with
 * it. It holds until the core runs again.
 */
public final class Request {
    private RunOutcome outcome = RunOutcome.UNTIL;
    private KernelEvent event = KernelEvent.PROCESS_SWITCH;
    private long operand;
    private int phase;
    private long gva;
    private long hpa;
    private boolean writes;
    private long value;
    private int vector;
    private boolean fault;
    private @Nullable InterruptCommand command;

    Request() {}

    /** Why the core came back. */
    public RunOutcome outcome() {
        return outcome;
    }

    /** What the program asked of its kernel, after KERNEL_EVENT. */
    public KernelEvent event() {
        return event;
    }

    /** The operand of that event. */
    public long operand() {
        return operand;
    }

    /** The phase that begins, after MARK; 0 where counting starts. */
    public int phase() {
        return phase;
    }

    /** Page to map, after PREMAP; the faulting address, after EXCEPTION. */
    public long gva() {
        return gva;
    }

    /** Of the register, after REGISTER_ACCESS. */
    public long hpa() {
        return hpa;
    }

    /** Whether the register was written, after REGISTER_ACCESS, and not read. */
    public boolean writes() {
        return writes;
    }

    /** What was written to the register, after REGISTER_ACCESS. */
    public long value() {
        return value;
    }

    /** Vector of the exception or interrupt that the guest's kernel got, after EXCEPTION. */
    public int vector() {
        return vector;
    }

    /** Whether what the guest's kernel got, after EXCEPTION, is a fault: the operation would be tried again. */
    public boolean isFault() {
        return fault;
    }

    /**
     * What is to be sent, after INTERRUPT_COMMAND.
     *
     * @throws IllegalStateException if nothing is
     */
    public InterruptCommand command() {
        if (command == null) {
            throw new IllegalStateException("no interrupt is to be sent");
        }
        return command;
    }

    /** Nothing is asked for yet. */
    void clear() {
        outcome = RunOutcome.UNTIL;
        command = null;
    }

    /** Returns false: run has to come back. So do the others, which say what goes with it. */
    boolean make(RunOutcome why) {
        outcome = why;
        return false;
    }

    boolean makeKernelEvent(KernelEvent asked, long itsOperand) {
        event = asked;
        operand = itsOperand;
        return make(RunOutcome.KERNEL_EVENT);
    }

    boolean makePremap(long page) {
        gva = page;
        return make(RunOutcome.PREMAP);
    }

    /** @param word the reference */
    boolean makeRegisterAccess(long address, long word) {
        hpa = address;
        writes = GuestOp.writes(word);
        value = GuestOp.writtenValue(word);
        return make(RunOutcome.REGISTER_ACCESS);
    }

    boolean makeMark(int newPhase) {
        phase = newPhase;
        return make(RunOutcome.MARK);
    }

    boolean makeException(Event delivered) {
        gva = delivered.information();
        vector = delivered.vector();
        fault = delivered.type() == InterruptionType.HARDWARE_EXCEPTION;
        return make(RunOutcome.EXCEPTION);
    }

    /** The operation under way sends an interrupt: {@link #makeCommandIfAny} follows when it is complete. */
    void send(InterruptCommand interrupt) {
        command = interrupt;
    }

    /** An operation is complete. Returns true if it has sent no interrupt. */
    boolean makeCommandIfAny() {
        return command == null || make(RunOutcome.INTERRUPT_COMMAND);
    }
}
