package hvsim.cpu.event;

import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Passage;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.InterruptionType;

/**
 * Ways from a deprivileged guest to the hypervisor at CPL 0 of the same processor: through its interrupt-descriptor
 * table, by SYSCALL, or out of code that the hypervisor has put in the place of the guest's.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), table 6-1; vol. 2, SYSCALL.
 */
public enum TrapReason implements Passage {
    TRAP_DE(ExceptionVector.DIVIDE_ERROR),
    TRAP_DB(ExceptionVector.DEBUG),
    TRAP_NMI(ExceptionVector.NON_MASKABLE_INTERRUPT),
    TRAP_BP(ExceptionVector.BREAKPOINT),
    TRAP_OF(ExceptionVector.OVERFLOW),
    TRAP_BR(ExceptionVector.BOUND_RANGE),
    TRAP_UD(ExceptionVector.INVALID_OPCODE),
    TRAP_NM(ExceptionVector.DEVICE_NOT_AVAILABLE),
    TRAP_NP(ExceptionVector.SEGMENT_NOT_PRESENT),
    TRAP_SS(ExceptionVector.STACK_FAULT),
    TRAP_GP(ExceptionVector.GENERAL_PROTECTION),
    TRAP_PF(ExceptionVector.PAGE_FAULT),
    TRAP_AC(ExceptionVector.ALIGNMENT_CHECK),
    INTERRUPT(256, "External interrupt"),
    SOFTWARE_INTERRUPT(257, "INT n"),
    SYSCALL(258, "SYSCALL or SYSENTER"),
    CALLOUT(259, "Callout from translated code"),
    HYPERCALL(260, "SYSCALL of a guest's kernel"),
    /** Of a TLB that software fills; no such exception exists on x86. */
    TLB_MISS(261, "TLB miss");

    private final int number;
    private final String sdmName;

    TrapReason(ExceptionVector exception) {
        this(exception.number(), exception.mnemonic());
    }

    TrapReason(int number, String sdmName) {
        this.number = number;
        this.sdmName = sdmName;
    }

    /**
     * The way that an event takes.
     *
     * @throws IllegalArgumentException if no guest of this model causes such a one
     */
    public static TrapReason of(Event event) {
        if (event.type() == InterruptionType.EXTERNAL_INTERRUPT) {
            return INTERRUPT;
        }
        if (event.type() == InterruptionType.SOFTWARE_INTERRUPT) {
            return SOFTWARE_INTERRUPT;
        }
        for (TrapReason reason : values()) {
            if (reason.number == event.vector()) {
                return reason;
            }
        }
        throw new IllegalArgumentException("no trap of vector " + event.vector());
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public String sdmName() {
        return sdmName;
    }

    @Override
    public int place() {
        return ExitReason.COUNT + ordinal();
    }
}
