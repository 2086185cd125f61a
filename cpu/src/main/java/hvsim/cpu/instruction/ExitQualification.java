package hvsim.cpu.instruction;

/**
 * Exit qualification and guest-linear address of an instruction's exit.
 *
 * <pre>
 *  control registers   3:0 number, 5:4 0 MOV to, 1 MOV from, 2 CLTS, 3 LMSW, 6 LMSW of memory, 11:8 general register,
 *                      31:16 LMSW's source
 *  debug registers     2:0 number, 4 MOV from, 11:8 general register
 *  I/O                 2:0 bytes - 1, 3 IN, 4 string, 5 REP, 6 immediate, 31:16 port
 *  task switch         15:0 selector of the TSS, 31:30 0 CALL, 1 IRET, 2 JMP, 3 gate
 *  MWAIT               0 the monitor is armed
 *  INVLPG              the linear address
 *  operands in memory  the displacement
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 27.2.1 and tables 27-2 to 27-5.
 */
final class ExitQualification {
    private static final int ACCESS_SHIFT = 4;
    private static final int FROM = 1;
    private static final int KIND_CLTS = 2;
    private static final int KIND_LMSW = 3;
    private static final int LMSW_MEMORY = 1 << 6;
    private static final int REGISTER_SHIFT = 8;
    private static final int UPPER_SHIFT = 16;
    private static final int IO_IN = 1 << 3;
    private static final int IO_STRING = 1 << 4;
    private static final int IO_REPEATED = 1 << 5;
    private static final int IO_IMMEDIATE = 1 << 6;
    private static final int TASK_SOURCE_SHIFT = 30;

    private ExitQualification() {}

    static long of(Operation o, Processor p) {
        return switch (o.instruction()) {
            case MOV_TO_CR0 -> controlRegister(0, 0, o);
            case MOV_TO_CR3 -> controlRegister(3, 0, o);
            case MOV_TO_CR4 -> controlRegister(4, 0, o);
            case MOV_TO_CR8 -> controlRegister(8, 0, o);
            case MOV_FROM_CR3 -> controlRegister(3, FROM, o);
            case MOV_FROM_CR8 -> controlRegister(8, FROM, o);
            case CLTS -> KIND_CLTS << ACCESS_SHIFT;
            case LMSW -> ofLmsw(LmswOperand.unpack(o.bits()));
            case MOV_TO_DR -> o.operand() & 7 | register(o);
            case MOV_FROM_DR -> o.operand() & 7 | FROM << ACCESS_SHIFT | register(o);
            case IN, OUT, INS, OUTS -> ofPort(o.instruction(), PortOperand.unpack(o.bits()));
            case IRET -> o.operand() & 0xFFFF | 1L << TASK_SOURCE_SHIFT;
            case CALL_FAR -> o.operand() & 0xFFFF;
            case JMP_FAR -> o.operand() & 0xFFFF | 2L << TASK_SOURCE_SHIFT;
            case INT_N -> InterruptOperand.unpack(o.bits()).tssSelector() | 3L << TASK_SOURCE_SHIFT;
            case INVLPG -> o.value();
            case MWAIT -> p.registers().monitorArmed ? 1 : 0;
            case RDMSRLIST, WRMSRLIST, RDMSR_IMMEDIATE, WRMSRNS_IMMEDIATE -> o.operand() & 0xFFFF_FFFFL;
            default -> InstructionInformation.hasMemoryForm(o.instruction()) ? displacement(o) : 0;
        };
    }

    private static long controlRegister(int number, int access, Operation o) {
        return number | access << ACCESS_SHIFT | register(o);
    }

    private static long register(Operation o) {
        return (long) o.encoding().register() << REGISTER_SHIFT;
    }

    private static long displacement(Operation o) {
        return o.encoding().memory().displacement();
    }

    private static long ofLmsw(LmswOperand lmsw) {
        return KIND_LMSW << ACCESS_SHIFT | (lmsw.isMemory() ? LMSW_MEMORY : 0) | (long) lmsw.source() << UPPER_SHIFT;
    }

    private static long ofPort(Instruction instruction, PortOperand port) {
        boolean in = instruction == Instruction.IN || instruction == Instruction.INS;
        boolean string = isString(instruction);
        return port.bytes() - 1
                | (in ? IO_IN : 0)
                | (string ? IO_STRING : 0)
                | (string && port.isRepeated() ? IO_REPEATED : 0)
                | (!string && port.isImmediate() ? IO_IMMEDIATE : 0)
                | (long) port.port() << UPPER_SHIFT;
    }

    static boolean isString(Instruction instruction) {
        return instruction == Instruction.INS || instruction == Instruction.OUTS;
    }

    /** Of LMSW with an operand in memory, INS and OUTS (SDM vol. 3, 27.2.1). */
    static long guestLinearAddress(Operation o) {
        boolean lmsw = o.instruction() == Instruction.LMSW
                && LmswOperand.unpack(o.bits()).isMemory();
        return lmsw || isString(o.instruction()) ? o.value() : 0;
    }
}
