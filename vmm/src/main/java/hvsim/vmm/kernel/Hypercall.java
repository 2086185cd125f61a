package hvsim.vmm.kernel;

import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.Operation;
import java.util.List;
import java.util.Optional;

/**
 * What a kernel that was changed can ask of its hypervisor, of that what this model has.
 *
 * <p>Names and numbers: xen/include/public/xen.h of Xen 4, __HYPERVISOR_*.
 */
public enum Hypercall {
    SET_TRAP_TABLE(0),
    MMU_UPDATE(1),
    SET_GDT(2),
    STACK_SWITCH(3),
    FPU_TASKSWITCH(5),
    SET_DEBUGREG(8),
    GET_DEBUGREG(9),
    MULTICALL(13),
    SET_TIMER_OP(15),
    XEN_VERSION(17),
    IRET(23),
    SET_SEGMENT_BASE(25),
    MMUEXT_OP(26),
    SCHED_OP(29),
    EVENT_CHANNEL_OP(32);

    private static final List<Hypercall> ALL = List.of(values());

    private final int number;

    Hypercall(int number) {
        this.number = number;
    }

    /** As the guest passes it, in RAX. */
    public int number() {
        return number;
    }

    /** @throws IllegalArgumentException if there is no such call */
    public static Hypercall byNumber(int number) {
        return ALL.stream()
                .filter(call -> call.number == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no hypercall has the number " + number));
    }

    /** The call that a changed kernel makes in the place of an instruction; none where it has no call for it. */
    static Optional<Hypercall> inPlaceOf(Instruction instruction, int operand) {
        return switch (instruction) {
            case LIDT -> Optional.of(SET_TRAP_TABLE);
            case LGDT -> Optional.of(SET_GDT);
            case MOV_TO_CR0, CLTS, LMSW -> Optional.of(FPU_TASKSWITCH);
            case MOV_TO_DR -> Optional.of(SET_DEBUGREG);
            case MOV_FROM_DR -> Optional.of(GET_DEBUGREG);
            case IRET, SYSRET, SYSEXIT -> Optional.of(IRET);
            case MOV_TO_CR3, INVLPG, INVPCID, LLDT -> Optional.of(MMUEXT_OP);
            case HLT -> Optional.of(SCHED_OP);
            case WRMSR, WRMSRNS -> ofWrite(operand);
            default -> Optional.empty();
        };
    }

    private static Optional<Hypercall> ofWrite(int msr) {
        return switch (msr) {
            case ApicMsr.TSC_DEADLINE -> Optional.of(SET_TIMER_OP);
            case ApicMsr.COMMAND, ApicMsr.TIMER -> Optional.of(EVENT_CHANNEL_OP);
            case 0xC000_0100, 0xC000_0101, 0xC000_0102 -> Optional.of(SET_SEGMENT_BASE); // FS, GS, KERNEL_GS
            default -> Optional.empty();
        };
    }

    /** Whether the operation is the call itself, and does not stand for it. */
    public static boolean isNamedBy(Operation operation) {
        return operation.instruction() == Instruction.SYSCALL;
    }

    /**
     * The call that an operation is: SYSCALL names it, others stand for theirs.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Hypercall of(Operation operation) {
        return operation.instruction() == Instruction.SYSCALL
                ? byNumber((int) operation.operand())
                : inPlaceOf(operation.instruction(), (int) operation.operand())
                        .orElseThrow(() -> new IllegalArgumentException(operation + " is no hypercall"));
    }
}
