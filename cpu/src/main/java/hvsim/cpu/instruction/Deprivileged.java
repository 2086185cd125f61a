package hvsim.cpu.instruction;

import hvsim.cpu.state.Registers;

/**
 * Whether an instruction above CPL 0 gives another result than at CPL 0, without a fault: what makes a processor's
 * unprivileged instructions sensitive (Robin and Irvine, 2000).
 */
final class Deprivileged {
    private Deprivileged() {}

    static boolean differs(Operation o, Processor p) {
        if (p.cpl() == 0) {
            return false;
        }
        return switch (o.instruction()) {
            case POPF, POPFD, POPFQ, IRET -> losesFlags(o.value(), p);
            case VERR, VERW, LAR, LSL -> {
                SelectorOperand s = SelectorOperand.unpack(o.bits());
                yield s.isAccessibleAt(p.cpl()) != s.isAccessibleAt(0);
            }
            default -> o.instruction().sensitivity() != Sensitivity.NOT_LISTED;
        };
    }

    /** IOPL changes at CPL 0 only, IF at CPL up to IOPL (SDM vol. 2, table 4-15). */
    private static boolean losesFlags(long image, Processor p) {
        long changed = image ^ p.registers().rflags;
        boolean losesIf = (changed & Registers.RFLAGS_IF) != 0 && !PrivilegeRules.hasIopl(p);
        return losesIf || (changed & Registers.RFLAGS_IOPL) != 0;
    }
}
