package hvsim.cpu;

/** Why {@link Core#run} came back. */
public enum RunOutcome {
    /** The time it was given is over. */
    UNTIL,
    /** The processor left non-root mode; {@link VmExit} says why. Root mode has no program yet. */
    VM_EXIT,
    /** A deprivileged guest has come to the hypervisor; {@link Deprivileging#trap} says how. It has no program yet. */
    TRAP,
    /** A guest's kernel stands at code of its own, which is to be translated: {@link KernelTranslation}. */
    KERNEL_CODE,
    /** An exception was delivered to the guest's kernel, which has to say what it runs. */
    EXCEPTION,
    /** The program asks its kernel for something; {@link Request#event} says what. */
    KERNEL_EVENT,
    /** The loader is to map the page {@link Request#gva} free of charge. */
    PREMAP,
    /** The program passed a mark; {@link Request#phase} says which. */
    MARK,
    /** An interrupt is to be sent to other processors; {@link Request#command} says what and where. */
    INTERRUPT_COMMAND,
    /**
     * A device's register was accessed, at {@link Request#hpa}; {@link Request#writes} and {@link Request#value} say how.
     * What a read gives goes into RAX.
     */
    REGISTER_ACCESS,
    /**
     * The processor is halted, and nothing of its own wakes it before the time is over; {@link Core#nextEventCycle}
     * says what would. The clock stands until {@link Core#idleUntil}.
     */
    IDLE,
    /** The workload has ended. */
    PROGRAM_END,
    /** The hypervisor is about to enter a guest, and an interrupt has come that it takes before: it stands at the entry. */
    HOST_INTERRUPT,
    /** The hypervisor's program has ended without an entry: nobody is there to run. */
    HOST_IDLE
}
