package hvsim.cpu.apic;

import hvsim.cpu.event.VectorSet;
import hvsim.tlb.Snapshot;
import java.util.Arrays;

/**
 * A local APIC in x2APIC mode: which interrupts wait, which are in service, and when its timer goes off. A processor
 * has one; a hypervisor keeps another for each virtual processor whose APIC the hardware does not virtualize.
 *
 * <pre>
 *   accept   --&gt; IRR --acknowledge--&gt; ISR --endOfInterrupt--&gt;          the highest vector first, if its class
 *   timer, IPIs, devices                                              (bits 7:4) is above that of the PPR
 * </pre>
 *
 * It is as firmware leaves it: enabled, all local vectors masked. Of the local vectors the timer's alone has a source,
 * and all interrupts are edge-triggered: the trigger modes read as 0.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 10.4 to 10.8, 10.12.
 */
public final class LocalApic {
    /** Later than any cycle. */
    public static final long NEVER = Long.MAX_VALUE;

    /** What follows from a write, for whoever made it. */
    public enum Effect {
        NONE,
        /** An interrupt may have become deliverable. */
        INTERRUPT,
        /** {@link #command} is to be sent to other processors. */
        COMMAND,
        /** {@link #deadline} may be another one. */
        TIMER
    }

    /** Vectors below are the processor's own: no message may have one. */
    private static final int FIRST_VECTOR = 16;

    private static final int PRIORITY_CLASS = 0xF0;
    private static final int ENABLED = 1 << 8;
    private static final int AFTER_START = ENABLED | 0xFF;
    private static final int VERSION = 0x0005_0015; // six local vectors; version 15H, as of integrated APICs
    private static final int SEND_ILLEGAL_VECTOR = 1 << 5;
    private static final int RECEIVE_ILLEGAL_VECTOR = 1 << 6;

    private final int id;
    private final VectorSet requested = new VectorSet();
    private final VectorSet inService = new VectorSet();
    private final ApicTimer timer = new ApicTimer();
    private final int[] localVectors = new int[ApicMsr.LAST_LOCAL_VECTOR - ApicMsr.TIMER];
    private int taskPriority;
    private int spurious = AFTER_START;
    private int errors;
    private int errorStatus;
    private long command;

    public LocalApic(int id) {
        this.id = id;
        Arrays.fill(localVectors, ApicTimer.MASKED);
    }

    public int id() {
        return id;
    }

    /** An interrupt arrives. Returns whether it is a new one: the vector was not waiting yet. */
    public boolean accept(int vector) {
        if (vector < FIRST_VECTOR) {
            errors |= RECEIVE_ILLEGAL_VECTOR;
            return false;
        }
        return isEnabled() && requested.add(vector);
    }

    private boolean isEnabled() {
        return (spurious & ENABLED) != 0;
    }

    /** PPR: the task's priority, or the class of what is in service, whichever is higher. */
    public int processorPriority() {
        int service = Math.max(inService.highest(), 0) & PRIORITY_CLASS;
        return (taskPriority & PRIORITY_CLASS) >= service ? taskPriority : service;
    }

    /** The highest vector that waits and may be delivered, or {@link VectorSet#NONE}. */
    public int pending() {
        if (requested.isEmpty()) {
            return VectorSet.NONE;
        }
        int vector = requested.highest();
        return (vector & PRIORITY_CLASS) > (processorPriority() & PRIORITY_CLASS) ? vector : VectorSet.NONE;
    }

    /** The processor takes {@link #pending}: it is in service from now on. Returns it. */
    public int acknowledge() {
        int vector = pending();
        if (vector != VectorSet.NONE) {
            requested.remove(vector);
            inService.add(vector);
        }
        return vector;
    }

    /** The handler of the highest vector in service is done. Returns it, or {@link VectorSet#NONE}. */
    public int endOfInterrupt() {
        int vector = inService.highest();
        if (vector != VectorSet.NONE) {
            inService.remove(vector);
        }
        return vector;
    }

    /** The highest vector in service, or {@link VectorSet#NONE}. */
    public int inService() {
        return inService.highest();
    }

    /** The highest vector that waits, deliverable or not, or {@link VectorSet#NONE}. */
    public int requested() {
        return requested.highest();
    }

    /** Whether the vector waits. */
    public boolean isRequested(int vector) {
        return requested.contains(vector);
    }

    /** Bits 7:0; bits 7:4 are CR8. */
    public int taskPriority() {
        return taskPriority;
    }

    public void setTaskPriority(int value) {
        taskPriority = value & 0xFF;
    }

    /** The cycle at which the timer interrupts next, or {@link #NEVER}. */
    public long deadline() {
        return timer.deadline();
    }

    /** The timer comes to where it is {@code now}. Returns whether its interrupt has arrived. */
    public boolean advance(long now) {
        return timer.advance(now) && accept(timer.vector());
    }

    /** The command that was written last. */
    public InterruptCommand command() {
        return InterruptCommand.decode(command);
    }

    /**
     * RDMSR of a register; those that are not there read as 0.
     *
     * @param msr 800H to 8FFH, or 6E0H
     * @param now cycle
     */
    public long read(int msr, long now) {
        advance(now);
        return switch (msr) {
            case ApicMsr.ID -> id;
            case ApicMsr.VERSION -> VERSION;
            case ApicMsr.TASK_PRIORITY -> taskPriority;
            case ApicMsr.PROCESSOR_PRIORITY -> processorPriority();
            case ApicMsr.LOGICAL_DESTINATION -> InterruptCommand.logicalId(id) & 0xFFFF_FFFFL;
            case ApicMsr.SPURIOUS_INTERRUPT -> spurious;
            case ApicMsr.ERROR_STATUS -> errorStatus;
            case ApicMsr.COMMAND -> command;
            case ApicMsr.TIMER -> timer.localVector();
            case ApicMsr.INITIAL_COUNT -> timer.initialCount();
            case ApicMsr.CURRENT_COUNT -> timer.currentCount(now);
            case ApicMsr.DIVIDE_CONFIGURATION -> timer.divideConfiguration();
            case ApicMsr.TSC_DEADLINE -> timer.armedValue();
            default -> readRow(msr);
        };
    }

    private long readRow(int msr) {
        if (msr >= ApicMsr.IN_SERVICE && msr < ApicMsr.TRIGGER_MODE) {
            return inService.row(msr & 7);
        }
        if (msr >= ApicMsr.INTERRUPT_REQUEST && msr < ApicMsr.ERROR_STATUS) {
            return requested.row(msr & 7);
        }
        return msr > ApicMsr.TIMER && msr <= ApicMsr.LAST_LOCAL_VECTOR ? localVectors[msr - ApicMsr.TIMER - 1] : 0;
    }

    /**
     * WRMSR of a register; what is read-only stays as it is.
     *
     * @param msr 800H to 8FFH; for IA32_TSC_DEADLINE see {@link #setDeadline}
     * @param now cycle
     * @return what follows from it
     */
    public Effect write(int msr, long value, long now) {
        boolean wentOff = advance(now);
        Effect effect = write(msr, value);
        if (msr == ApicMsr.INITIAL_COUNT) {
            timer.setInitialCount(value & 0xFFFF_FFFFL, now);
            effect = Effect.TIMER;
        }
        return effect == Effect.NONE && wentOff ? Effect.INTERRUPT : effect;
    }

    private Effect write(int msr, long value) {
        int low = (int) value;
        return switch (msr) {
            case ApicMsr.TASK_PRIORITY -> {
                setTaskPriority(low);
                yield Effect.INTERRUPT;
            }
            case ApicMsr.END_OF_INTERRUPT -> endOfInterrupt() == VectorSet.NONE ? Effect.NONE : Effect.INTERRUPT;
            case ApicMsr.SELF_IPI -> sendToSelf(low & 0xFF);
            case ApicMsr.COMMAND -> order(value);
            case ApicMsr.TIMER -> {
                timer.setLocalVector(low);
                yield Effect.TIMER;
            }
            case ApicMsr.DIVIDE_CONFIGURATION -> {
                timer.setDivideConfiguration(low);
                yield Effect.NONE;
            }
            default -> {
                writePlain(msr, low);
                yield Effect.NONE;
            }
        };
    }

    private void writePlain(int msr, int value) {
        if (msr == ApicMsr.SPURIOUS_INTERRUPT) {
            spurious = value;
        } else if (msr == ApicMsr.ERROR_STATUS) {
            errorStatus = errors;
            errors = 0;
        } else if (msr > ApicMsr.TIMER && msr <= ApicMsr.LAST_LOCAL_VECTOR) {
            localVectors[msr - ApicMsr.TIMER - 1] = value;
        }
    }

    private Effect sendToSelf(int vector) {
        if (vector < FIRST_VECTOR) {
            errors |= SEND_ILLEGAL_VECTOR;
        }
        return accept(vector) ? Effect.INTERRUPT : Effect.NONE;
    }

    private Effect order(long value) {
        command = value;
        InterruptCommand order = command();
        if (order.mode().hasInterruptVector() && order.vector() < FIRST_VECTOR) {
            errors |= SEND_ILLEGAL_VECTOR;
            return Effect.NONE;
        }
        if (order.mode() == DeliveryMode.INIT && !order.isAsserted()) {
            return Effect.NONE; // takes back what no processor since Pentium 4 has to be told
        }
        return order.shorthand() == InterruptCommand.Shorthand.SELF ? sendToSelf(order.vector()) : Effect.COMMAND;
    }

    /**
     * WRMSR of IA32_TSC_DEADLINE; without effect in the other modes of the timer.
     *
     * @param value of the time-stamp counter as the writer sees it; 0 disarms
     * @param cycle at which the counter has that value; in the past: at once
     */
    public void setDeadline(long value, long cycle) {
        timer.setDeadline(value, cycle);
    }

    public void transfer(Snapshot snapshot) {
        requested.transfer(snapshot);
        inService.transfer(snapshot);
        timer.transfer(snapshot);
        snapshot.transfer(localVectors);
        taskPriority = snapshot.transfer(taskPriority);
        spurious = snapshot.transfer(spurious);
        errors = snapshot.transfer(errors);
        errorStatus = snapshot.transfer(errorStatus);
        command = snapshot.transfer(command);
    }
}
