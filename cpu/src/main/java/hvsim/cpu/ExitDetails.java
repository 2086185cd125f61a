package hvsim.cpu;

import hvsim.cpu.instruction.Decision;
import hvsim.cpu.instruction.Operation;

/** By what the exits of one reason are told apart in reports: bit 0 writing, above it a port's or register's number. */
final class ExitDetails {
    private static final int PORT = 0xFFFF;
    private static final int CR_NUMBER = 0xF;
    private static final int CR_ACCESS = 0x30;

    private ExitDetails() {}

    /** The detail, or -1 where a reason has none. */
    static long of(Operation operation, Decision decision) {
        return switch (operation.instruction()) {
            case IN, INS -> (operation.operand() & PORT) << 1;
            case OUT, OUTS -> (operation.operand() & PORT) << 1 | 1;
            case RDMSR -> operation.operand() << 1;
            case WRMSR, WRMSRNS -> operation.operand() << 1 | 1;
            case MOV_TO_CR0, MOV_TO_CR3, MOV_TO_CR4, MOV_TO_CR8, MOV_FROM_CR3, MOV_FROM_CR8, CLTS, LMSW -> {
                boolean from = (decision.qualification() & CR_ACCESS) == 1 << 4;
                yield (decision.qualification() & CR_NUMBER) << 1 | (from ? 0 : 1);
            }
            default -> -1;
        };
    }
}
