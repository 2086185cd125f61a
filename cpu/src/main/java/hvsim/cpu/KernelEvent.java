package hvsim.cpu;

import java.util.List;

/**
 * What a program asks of the guest's kernel; the kernel answers with a program of its own. Those at the end are asked
 * by the kernel's own programs.
 */
public enum KernelEvent {
    /** Run the process whose number is the operand: another address space. */
    PROCESS_SWITCH,
    /** Touch a page for the first time, which the kernel then has to map. */
    PAGE_FAULT,
    /** Map new pages, and touch them. */
    MAP,
    /** Unmap the pages mapped longest ago; without any, those from the page on whose number is the operand. */
    UNMAP,
    /** Forbid to write the pages from the page on whose number is the operand. */
    PROTECT,
    /** Copy the address space for a child, on write. */
    FORK,
    /** Start another program: the child, or without one the process itself, loses its pages. */
    EXEC,
    /** The child, or without one the process itself, gives all its pages back. */
    EXIT,
    /** Enter the kernel and return. */
    SYSCALL,
    /** Work under a lock that all virtual processors share. */
    LOCK,
    /** The kernel writes into its own code. */
    PATCH,
    /** A hostile kernel maps the frame that has a number which it was never given, and reads there. */
    FOREIGN_FRAME,
    /** A hostile kernel maps a frame beyond its memory, and reads there. */
    BEYOND_MEMORY,
    /** A hostile kernel computes with its interrupts off. */
    INTERRUPTS_OFF,
    /** A benchmark: functions of the kernel call one another, and return, as often as the operand says. */
    CALL,
    /** A benchmark: an entry of a table is written; the operand says what, and which. */
    WRITE_ENTRY,
    /** Go on with what was begun: ask for the lock again, or whether all have answered. */
    CONTINUE,
    /** Load CR3 for the process that was chosen. */
    ENTER_PROCESS,
    /** What others asked for is done. */
    ANSWER,
    /** RDTSC was executed: set the timer's next deadline. */
    SET_DEADLINE,
    /** A device's causes of interrupts were read: handle them. The operand is its number. */
    DEVICE_CAUSES,
    /** Take what a device has. The operand is its number. */
    DEVICE_POLL;

    private static final List<KernelEvent> BY_NUMBER = List.of(values());

    public static KernelEvent byNumber(int number) {
        return BY_NUMBER.get(number);
    }
}
