package hvsim.cpu.instruction;

import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.VmxControl;
import org.jspecify.annotations.Nullable;

/** Where an instruction is not defined, and so #UD: by mode, by CR4, by the VMCS, or by its operand's form. */
final class DefinitionRules {
    /** Functions of VMFUNC have a bit of VM_FUNCTION_CONTROLS each. */
    private static final int VM_FUNCTIONS = 64;

    private static final int DR4 = 4;

    private DefinitionRules() {}

    static @Nullable Decision fault(Operation o, Processor p) {
        if (o.instruction().needsMemory() && o.encoding().memory().isNone()) {
            return Decision.undefined(Rule.NEEDS_A_MEMORY_OPERAND);
        }
        if (loadsCs(o)) {
            return Decision.undefined(Rule.NEEDS_A_FAR_TRANSFER);
        }
        Rule missing = missing(o, p);
        return missing == null ? null : Decision.undefined(missing);
    }

    /** MOV and POP load the other segment registers (SDM vol. 2). */
    private static boolean loadsCs(Operation o) {
        boolean loads = o.instruction() == Instruction.MOV_TO_SREG || o.instruction() == Instruction.POP_SREG;
        return loads && SelectorOperand.unpack(o.bits()).register() == SelectorOperand.CS;
    }

    /** With CR4.DE there are no DR4 and DR5; MOV DR exits before that is looked at (SDM vol. 3, 25.1.3). */
    static @Nullable Decision faultAfterExit(Operation o, Processor p) {
        boolean debug = o.instruction() == Instruction.MOV_TO_DR || o.instruction() == Instruction.MOV_FROM_DR;
        return debug && (o.operand() & ~1) == DR4 && p.cr4(Registers.CR4_DE)
                ? Decision.undefined(Rule.NEEDS_CR4_DE_CLEAR)
                : null;
    }

    /** The rule by which it is not defined, or null. */
    private static @Nullable Rule missing(Operation o, Processor p) {
        Registers r = p.registers();
        return switch (o.instruction().defined()) {
            case EVERYWHERE -> null;
            case PROTECTED_MODE, ENCLAVES -> unless(!p.hasNoDescriptors(), Rule.NOT_IN_THIS_MODE);
            case BITS_64 -> unless(r.is64BitMode(), Rule.NOT_IN_THIS_MODE);
            case NOT_BITS_64 -> unless(!r.is64BitMode(), Rule.NOT_IN_THIS_MODE);
            case SYSTEM_CALL ->
                unless(r.is64BitMode() && (r.efer & Registers.EFER_SCE) != 0, Rule.NEEDS_SYSTEM_CALL_ENABLE);
            case VMX -> p.isOutsideVmx() ? Rule.NEEDS_VMX_OPERATION : outsideVmxModes(p);
            case VMXE -> p.cr4(Registers.CR4_VMXE) ? outsideVmxModes(p) : Rule.NEEDS_A_CR4_BIT;
            case VM_CALL -> p.isNonRoot() ? null : p.isOutsideVmx() ? Rule.NEEDS_VMX_OPERATION : outsideVmxModes(p);
            case VM_FUNCTIONS -> vmFunction(o, p);
            case SAFER_MODE -> unless(p.cr4(Registers.CR4_SMXE), Rule.NEEDS_A_CR4_BIT);
            case EXTENDED_STATES -> unless(p.cr4(Registers.CR4_OSXSAVE), Rule.NEEDS_A_CR4_BIT);
            case SUPERVISOR_STATES ->
                p.cr4(Registers.CR4_OSXSAVE) ? withControl(VmxControl.ENABLE_XSAVES_XRSTORS, p) : Rule.NEEDS_A_CR4_BIT;
            case PROTECTION_KEYS -> unless(p.cr4(Registers.CR4_PKE), Rule.NEEDS_A_CR4_BIT);
            case KEY_LOCKER -> unless(p.cr4(Registers.CR4_KL), Rule.NEEDS_A_CR4_BIT);
            case TSC_AUX -> withControl(VmxControl.ENABLE_RDTSCP, p);
            case WITH_INVPCID -> withControl(VmxControl.ENABLE_INVPCID, p);
            case USER_WAIT -> withControl(VmxControl.ENABLE_USER_WAIT_AND_PAUSE, p);
            case WITH_PCONFIG -> withControl(VmxControl.ENABLE_PCONFIG, p);
            case MSR_LIST ->
                r.is64BitMode() ? withControl(VmxControl.ENABLE_MSR_LIST_INSTRUCTIONS, p) : Rule.NOT_IN_THIS_MODE;
            case SMM -> Rule.NEEDS_SMM;
            case NOWHERE -> null;
        };
    }

    private static @Nullable Rule unless(boolean defined, Rule rule) {
        return defined ? null : rule;
    }

    private static @Nullable Rule withControl(VmxControl control, Processor p) {
        return unless(!p.isNonRoot() || p.has(control), Rule.NEEDS_A_CONTROL);
    }

    /** Real-address, virtual-8086 and compatibility mode have no VMX instructions (SDM vol. 3, 30.3). */
    private static @Nullable Rule outsideVmxModes(Processor p) {
        return unless(!p.hasNoDescriptors() && !p.isCompatibilityMode(), Rule.NOT_IN_THIS_MODE);
    }

    private static @Nullable Rule vmFunction(Operation o, Processor p) {
        if (!p.isNonRoot()) {
            return Rule.NEEDS_NON_ROOT;
        }
        boolean numbered = Integer.compareUnsigned(o.bits(), VM_FUNCTIONS) < 0;
        return unless(numbered && p.has(VmxControl.ENABLE_VM_FUNCTIONS), Rule.NEEDS_A_CONTROL);
    }
}
