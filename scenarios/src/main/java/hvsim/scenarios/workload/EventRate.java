package hvsim.scenarios.workload;

import hvsim.cpu.KernelEvent;

/**
 * What a program asks of its kernel now and then.
 *
 * @param count events in {@code perOperations} operations, or in the whole run if that is 0
 */
public record EventRate(KernelEvent event, long count, long perOperations) {
    public EventRate {
        if (count < 0 || perOperations < 0) {
            throw new IllegalArgumentException(event + ": a negative rate");
        }
    }

    /** Its random places do not depend on what other events there are. */
    String stream() {
        return switch (event) {
            case PROCESS_SWITCH -> "process_switch";
            case PAGE_FAULT -> "page_fault";
            case MAP -> "map";
            case UNMAP -> "unmap";
            case PROTECT -> "protect";
            case FORK -> "fork";
            case EXEC -> "exec";
            case EXIT -> "exit";
            case SYSCALL -> "syscall";
            case LOCK -> "lock";
            case PATCH -> "patch";
            case FOREIGN_FRAME -> "foreign_frame";
            case BEYOND_MEMORY -> "beyond_memory";
            case INTERRUPTS_OFF -> "interrupts_off";
            case CALL, WRITE_ENTRY -> throw new IllegalArgumentException(event + " is a benchmark's");
            case CONTINUE, ENTER_PROCESS, ANSWER, SET_DEADLINE, DEVICE_CAUSES, DEVICE_POLL ->
                throw new IllegalArgumentException(event + " is the kernel's own");
        };
    }
}
