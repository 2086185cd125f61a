package hvsim.cpu.instruction;

import hvsim.cpu.vmx.ExitReason;
import org.jspecify.annotations.Nullable;

/**
 * Whether an instruction in non-root mode exits, and with what information (SDM vol. 3, 325384-059US, 25.1.2, 25.1.3
 * and 27.2).
 */
final class ExitRules {
    private ExitRules() {}

    static @Nullable Decision exit(Operation o, Processor p) {
        Exiting exiting = o.instruction().exiting();
        boolean early = o.instruction().privilege() == Privilege.CPL_0_AFTER_EXIT;
        return switch (exiting.when()) {
            case NEVER -> null;
            case ALWAYS -> of(early ? Rule.EXITS_BEFORE_PRIVILEGE : Rule.EXITS_ALWAYS, o, p);
            case BY_CONTROL ->
                exiting.control() != null && p.has(exiting.control()) ? of(Rule.EXITS_BY_CONTROL, o, p) : null;
            case BY_OPERAND -> byOperand(o, p);
        };
    }

    private static @Nullable Decision byOperand(Operation o, Processor p) {
        if (o.instruction().exiting().reason() == ExitReason.EXCEPTION_NMI) {
            return SoftwareExceptions.exit(o, p);
        }
        Rule rule = ruleOf(o, p);
        return rule == null ? null : of(rule, o, p);
    }

    private static @Nullable Rule ruleOf(Operation o, Processor p) {
        return switch (o.instruction()) {
            case IN, OUT, INS, OUTS -> IoRules.exit(o, p);
            case MOV_TO_CR0, MOV_TO_CR3, MOV_TO_CR4, MOV_TO_CR8, LMSW, CLTS -> ControlRegisterRules.exit(o, p);
            case PAUSE -> TimeRules.exitOfPause(o, p);
            case RDMSR, RDMSR_IMMEDIATE, RDMSRLIST -> MsrAccessRules.exit(o, p, false);
            case WRMSR, WRMSRNS, WRMSRNS_IMMEDIATE, WRMSRLIST -> MsrAccessRules.exit(o, p, true);
            case VMREAD, VMWRITE -> VmxInstructionRules.exitOfFieldAccess(o, p);
            case VMFUNC -> VmxInstructionRules.exitOfFunction(o, p);
            case XSAVES, XRSTORS -> LeafRules.exitOfStates(o, p);
            case ENCLS, ENCLV, PCONFIG -> LeafRules.exitOfLeaf(o, p);
            case IRET, CALL_FAR, JMP_FAR, INT_N -> DescriptorRules.exitOfTaskSwitch(o, p);
            default -> null;
        };
    }

    private static Decision of(Rule rule, Operation o, Processor p) {
        ExitReason reason = o.instruction().exiting().reason();
        if (reason == null) {
            throw new IllegalStateException(o.instruction() + " has no exit reason");
        }
        return Decision.exit(
                rule,
                reason,
                ExitQualification.of(o, p),
                o.encoding().lengthBytes(),
                InstructionInformation.of(o),
                ExitQualification.guestLinearAddress(o));
    }
}
