package hvsim.cpu.instruction;

import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Registers;
import org.jspecify.annotations.Nullable;

/** Faults by privilege: CPL, IOPL, the TSS's bitmap of I/O permissions, and the bits of CR4 that forbid or permit. */
final class PrivilegeRules {
    private static final int IOPL_OF_VIRTUAL_8086 = 3;

    private PrivilegeRules() {}

    static @Nullable Decision fault(Operation o, Processor p) {
        int cpl = p.cpl();
        if (cpl > 0 && p.fixedInstructions() && o.instruction().isFixed()) {
            return Decision.protection(Rule.FIXED);
        }
        return switch (o.instruction().privilege()) {
            case ANY -> null;
            case CPL_0, CPL_0_AFTER_EXIT -> cpl == 0 ? null : Decision.protection(Rule.NEEDS_CPL_0);
            case CPL_0_OR_UNDEFINED -> cpl == 0 ? null : Decision.undefined(Rule.NEEDS_CPL_0);
            case UMIP -> cpl > 0 && p.cr4(Registers.CR4_UMIP) ? Decision.protection(Rule.UMIP) : null;
            case TSD -> cpl > 0 && p.cr4(Registers.CR4_TSD) ? Decision.protection(Rule.TSD) : null;
            case PCE -> cpl > 0 && !p.cr4(Registers.CR4_PCE) ? Decision.protection(Rule.PCE) : null;
            case IO_PERMISSION -> ofPort(o, p);
            case INTERRUPT_FLAG -> ofInterruptFlag(o, p);
            case FLAGS_IMAGE -> ofFlagsImage(p);
            case DESCRIPTOR -> ofGate(o, p);
        };
    }

    /** In virtual-8086 mode the bitmap decides whatever IOPL is (SDM vol. 1, 18.5). */
    private static @Nullable Decision ofPort(Operation o, Processor p) {
        boolean asksBitmap = p.registers().isVirtual8086()
                || p.registers().isProtectedMode() && p.cpl() > p.registers().iopl();
        return asksBitmap && !PortOperand.unpack(o.bits()).isPermitted()
                ? Decision.protection(Rule.IO_PERMISSION)
                : null;
    }

    private static @Nullable Decision ofInterruptFlag(Operation o, Processor p) {
        Registers r = p.registers();
        if (!r.isProtectedMode() || hasIopl(p)) {
            return null;
        }
        boolean virtual = r.isVirtual8086()
                ? p.cr4(Registers.CR4_VME)
                : p.cr4(Registers.CR4_PVI) && p.cpl() == IOPL_OF_VIRTUAL_8086;
        boolean pends = o.instruction() == Instruction.STI && p.rflags(Registers.RFLAGS_VIP);
        return virtual && !pends ? null : Decision.protection(Rule.IOPL);
    }

    /** Whether CPL is at most IOPL; virtual-8086 code has CPL 3. */
    static boolean hasIopl(Processor p) {
        int cpl = p.registers().isVirtual8086() ? IOPL_OF_VIRTUAL_8086 : p.cpl();
        return cpl <= p.registers().iopl();
    }

    private static @Nullable Decision ofFlagsImage(Processor p) {
        boolean permitted = !p.registers().isVirtual8086()
                || p.registers().iopl() == IOPL_OF_VIRTUAL_8086
                || p.cr4(Registers.CR4_VME);
        return permitted ? null : Decision.protection(Rule.VIRTUAL_8086_IOPL);
    }

    private static @Nullable Decision ofGate(Operation o, Processor p) {
        if (o.instruction() != Instruction.INT_N || !p.registers().isProtectedMode()) {
            return null;
        }
        if (p.registers().isVirtual8086()) {
            return ofFlagsImage(p);
        }
        InterruptOperand interrupt = InterruptOperand.unpack(o.bits());
        return p.cpl() <= interrupt.gateDpl()
                ? null
                : Decision.fault(Rule.DESCRIPTOR_PRIVILEGE, ExceptionVector.GENERAL_PROTECTION, interrupt.errorCode());
    }
}
