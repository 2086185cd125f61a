package hvsim.cpu;

import java.util.List;

/** What a workload asks of the guest's kernel; the kernel answers with a program of its own. */
public enum KernelEvent {
    /** Run the process whose number is the operand: another address space. */
    PROCESS_SWITCH;

    private static final List<KernelEvent> BY_NUMBER = List.of(values());

    public static KernelEvent byNumber(int number) {
        return BY_NUMBER.get(number);
    }
}
