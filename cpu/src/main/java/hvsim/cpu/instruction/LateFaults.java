package hvsim.cpu.instruction;

import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Registers;
import org.jspecify.annotations.Nullable;

/**
 * Faults that come after a VM exit: by the operand's value, or by state that has nothing to do with privilege (SDM
 * vol. 3, 325384-059US, 25.1.1; vol. 2 of each instruction).
 */
final class LateFaults {
    private static final long DR7_GD = 1 << 13;
    private static final int DR4 = 4;
    private static final long UPPER_HALF = 0xFFFF_FFFF_0000_0000L;

    /** x87, SSE, AVX, the three of AVX-512, PKRU. */
    private static final long XCR0_STATES = 0x2E7;

    private static final long XCR0_X87 = 1;
    private static final long XCR0_SSE = 1 << 1;
    private static final long XCR0_AVX = 1 << 2;
    private static final long XCR0_AVX512 = 0xE0;
    private static final int FIXED_COUNTERS = 1 << 30;
    private static final int LAST_COUNTER = 7;
    private static final int LAST_FIXED_COUNTER = 2;
    private static final long SYSENTER_CS_SELECTOR = 0xFFFC;
    private static final int LINEAR_BITS = 57;

    private LateFaults() {}

    static @Nullable Decision fault(Operation o, Processor p) {
        return switch (o.instruction()) {
            case MOV_TO_DR, MOV_FROM_DR -> ofDebugRegister(o, p);
            case XSAVE, XRSTOR, XSAVES, XRSTORS, LOADIWKEY ->
                p.cr0(Registers.CR0_TS)
                        ? Decision.fault(Rule.TASK_SWITCHED, ExceptionVector.DEVICE_NOT_AVAILABLE)
                        : null;
            case INT3, INTO, BOUND, DIV, UD2, INT1 -> SoftwareExceptions.fault(o);
            case CALL_FAR, JMP_FAR, RET_FAR, POP_SREG, MOV_TO_SREG, LLDT, LTR, IRET, INT_N ->
                DescriptorRules.lateFault(o, p);
            case RDMSR, RDMSR_IMMEDIATE, RDMSRLIST -> MsrAccessRules.lateFault(o, p, false);
            case WRMSR, WRMSRNS, WRMSRNS_IMMEDIATE, WRMSRLIST -> MsrAccessRules.lateFault(o, p, true);
            default -> protection(ruleOf(o, p));
        };
    }

    private static @Nullable Decision protection(@Nullable Rule rule) {
        return rule == null ? null : Decision.protection(rule);
    }

    /** The rule by which it is #GP(0), or null. */
    private static @Nullable Rule ruleOf(Operation o, Processor p) {
        return switch (o.instruction()) {
            case MOV_TO_CR0 -> ControlRegisterValues.faultOfCr0(o.value(), p);
            case MOV_TO_CR3 -> ControlRegisterValues.faultOfCr3(o.value(), p);
            case MOV_TO_CR4 -> ControlRegisterValues.faultOfCr4(o.value(), p);
            case MOV_TO_CR8 -> ControlRegisterValues.faultOfCr8(o.value());
            case MONITOR, RDPKRU -> bad(o.operand() != 0);
            case MWAIT, UMWAIT, TPAUSE -> bad((o.operand() & ~1) != 0);
            case XGETBV -> bad(o.operand() > 1);
            case XSETBV -> bad(o.operand() != 0 || !isXcr0(o.value()));
            case WRPKRU -> bad(o.operand() != 0 || (o.value() & UPPER_HALF) != 0);
            case RDPMC -> bad(!isCounter(o.bits()));
            case INVPCID -> bad(!isInvpcid(InvpcidOperand.unpack(o.bits()), o.value(), p));
            case LGDT, LIDT -> bad(p.registers().is64BitMode() && !isCanonical(o.value(), p));
            case SYSENTER, SYSEXIT -> ofSysenter(p);
            case VMXON -> VmxInstructionRules.faultOfVmxon(p);
            default -> null;
        };
    }

    private static @Nullable Rule bad(boolean is) {
        return is ? Rule.BAD_VALUE : null;
    }

    private static @Nullable Decision ofDebugRegister(Operation o, Processor p) {
        int number = o.bits() & 7;
        if ((p.registers().dr7 & DR7_GD) != 0) {
            return Decision.fault(Rule.DEBUG_REGISTERS_GUARDED, ExceptionVector.DEBUG);
        }
        boolean upper = o.instruction() == Instruction.MOV_TO_DR
                && number >= DR4
                && p.registers().is64BitMode()
                && (o.value() & UPPER_HALF) != 0;
        return protection(bad(upper));
    }

    private static boolean isXcr0(long value) {
        boolean avx = (value & XCR0_AVX) != 0;
        long avx512 = value & XCR0_AVX512;
        return (value & ~XCR0_STATES) == 0
                && (value & XCR0_X87) != 0
                && (!avx || (value & XCR0_SSE) != 0)
                && (avx512 == 0 || avx512 == XCR0_AVX512 && avx);
    }

    private static boolean isCounter(int number) {
        boolean fixed = (number & FIXED_COUNTERS) != 0;
        int index = number & ~FIXED_COUNTERS;
        return index >= 0 && index <= (fixed ? LAST_FIXED_COUNTER : LAST_COUNTER);
    }

    private static boolean isInvpcid(InvpcidOperand invpcid, long gva, Processor p) {
        boolean namesPcid = invpcid.type() <= 1;
        return invpcid.type() <= 3
                && !invpcid.isReservedSet()
                && (!namesPcid || invpcid.pcid() == 0 || p.cr4(Registers.CR4_PCIDE))
                && (invpcid.type() != 0 || isCanonical(gva, p));
    }

    private static boolean isCanonical(long gva, Processor p) {
        int unused = Long.SIZE - (p.cr4(Registers.CR4_LA57) ? LINEAR_BITS : LINEAR_BITS - 9);
        return gva << unused >> unused == gva;
    }

    private static @Nullable Rule ofSysenter(Processor p) {
        boolean selects = (p.msrs().read(MsrAccessRules.IA32_SYSENTER_CS) & SYSENTER_CS_SELECTOR) != 0;
        return selects && p.registers().isProtectedMode() ? null : Rule.SYSENTER_CS_NULL;
    }
}
