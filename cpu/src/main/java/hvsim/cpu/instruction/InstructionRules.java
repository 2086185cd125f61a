package hvsim.cpu.instruction;

/**
 * What becomes of an instruction: a pure function of the instruction and the processor's state.
 *
 * <p>The order (SDM vol. 3, 325384-059US, 25.1.1): invalid opcode, privilege, VM exit, all other faults. MOV DR and
 * the VMX instructions exit before their privilege is looked at.
 */
public final class InstructionRules {
    private InstructionRules() {}

    /** Changes nothing; what the instruction does where it executes is not decided here. */
    public static Decision decide(Operation o, Processor p) {
        boolean exitFirst = o.instruction().privilege() == Privilege.CPL_0_AFTER_EXIT;
        Decision decision = DefinitionRules.fault(o, p);
        if (decision == null && !exitFirst) {
            decision = PrivilegeRules.fault(o, p);
        }
        if (decision == null && p.isNonRoot()) {
            decision = ExitRules.exit(o, p);
        }
        if (decision == null && exitFirst) {
            decision = DefinitionRules.faultAfterExit(o, p);
        }
        if (decision == null && exitFirst) {
            decision = PrivilegeRules.fault(o, p);
        }
        if (decision == null) {
            decision = LateFaults.fault(o, p);
        }
        return decision == null ? executes(o, p) : decision;
    }

    private static Decision executes(Operation o, Processor p) {
        Decision below = ControlRegisterRules.exitAfter(o, p);
        if (below != null) {
            return below;
        }
        return Deprivileged.differs(o, p) ? Decision.SILENTLY_DIFFERENT : Decision.EXECUTES;
    }
}
