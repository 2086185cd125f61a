package hvsim.cpu.instruction;

import static hvsim.cpu.instruction.SelectorOperand.SS;

import hvsim.cpu.vmx.VmcsField;

/** Faults that come after the VM exit: "#GP(0)" and so on, or null (SDM vol. 2, the instruction's page). */
final class NaiveLateFaults {
    private static final String GP = "#GP(0)";
    private static final int CR0_NE = 5;
    private static final int CR0_CD = 30;
    private static final int CR0_NW = 29;

    private NaiveLateFaults() {}

    static String fault(NaiveState s) {
        return switch (s.i) {
            case INVPCID -> gp(badInvpcid(s));
            case LGDT, LIDT -> gp(s.bits64 && !s.isCanonical(s.o.value()));
            case LLDT ->
                segment(s, !s.selector().isNull() && (isLocal(s) || s.selector().isUnsuitable()));
            case LTR ->
                s.selector().isNull()
                        ? GP
                        : segment(s, isLocal(s) || s.selector().isUnsuitable());
            case MOV_TO_CR0 -> gp(badCr0(s));
            case MOV_TO_CR3 -> gp(badCr3(s.o.value(), s));
            case MOV_TO_CR4 -> gp(badCr4(s));
            case MOV_TO_CR8 -> gp(s.o.value() >>> 4 != 0);
            case MOV_TO_DR, MOV_FROM_DR -> debugRegister(s);
            case MONITOR -> gp(s.o.operand() != 0);
            case MWAIT, UMWAIT, TPAUSE -> gp((s.o.operand() & ~1L) != 0);
            case RDMSR, RDMSR_IMMEDIATE, RDMSRLIST -> gp(!exists(s.o.operand()));
            case WRMSR, WRMSRNS, WRMSRNS_IMMEDIATE, WRMSRLIST -> gp(!exists(s.o.operand()) || badMsrValue(s));
            case SYSENTER -> gp(s.real || (s.p.msrs().read(0x174) & 0xFFFC) == 0);
            case SYSEXIT -> gp(s.real || (s.p.msrs().read(0x174) & 0xFFFC) == 0);
            case VMXON -> gp(s.outsideVmx && cannotEnterVmx(s));
            case XSETBV -> gp(s.o.operand() != 0 || !isXcr0(s.o.value()));
            case XGETBV, RDPKRU -> gp(s.o.operand() != 0);
            case WRPKRU -> gp(s.o.operand() != 0 || s.o.value() >>> 32 != 0);
            case XSAVES, XRSTORS, XSAVE, XRSTOR, LOADIWKEY -> s.cr0(3) ? "#NM" : null;
            case IRET -> gp(s.ia32e && NaiveState.bit(s.r.rflags, 14) == 1);
            case CALL_FAR, JMP_FAR -> s.hasDescriptors() ? farTransfer(s) : null;
            case RET_FAR -> s.hasDescriptors() ? farReturn(s) : null;
            case POP_SREG, MOV_TO_SREG -> s.hasDescriptors() ? load(s) : null;
            case INT_N -> s.hasDescriptors() ? interrupt(s) : null;
            case INT1 -> "#DB";
            case INT3 -> "#BP";
            case INTO -> s.o.operand() == 0 ? null : "#OF";
            case BOUND -> s.o.operand() == 0 ? null : "#BR";
            case DIV -> s.o.operand() == 0 ? null : "#DE";
            default -> null;
        };
    }

    private static String gp(boolean faults) {
        return faults ? GP : null;
    }

    /** #GP with the selector, but for its RPL. */
    private static String segment(NaiveState s, boolean faults) {
        return faults ? "#GP(" + s.selector().selector() / 4 * 4 + ")" : null;
    }

    private static boolean isLocal(NaiveState s) {
        return NaiveState.bit(s.selector().selector(), 2) == 1;
    }

    /** SDM vol. 2, INVPCID. */
    private static boolean badInvpcid(NaiveState s) {
        InvpcidOperand d = InvpcidOperand.unpack((int) s.o.operand());
        boolean needsPcid0 = d.type() <= 1 && !s.cr4(17);
        return d.type() > 3
                || d.isReservedSet()
                || needsPcid0 && d.pcid() != 0
                || d.type() == 0 && !s.isCanonical(s.o.value());
    }

    /** SDM vol. 2, MOV to CR0; vol. 3, 23.8 and 25.3 for VMX operation. */
    private static boolean badCr0(NaiveState s) {
        long mask = s.nonRoot ? s.field(VmcsField.CR0_GUEST_HOST_MASK) : 0;
        long value = NaiveMasks.result(s, s.r.cr0, VmcsField.CR0_GUEST_HOST_MASK);
        boolean protection = NaiveState.bit(value, 0) == 1;
        boolean paging = NaiveState.bit(value, 31) == 1;
        boolean neCleared = NaiveState.bit(value, CR0_NE) == 0 && NaiveState.bit(mask, CR0_NE) == 0;
        boolean needsPaging = !s.outsideVmx && !s.secondary(7);
        boolean startsLongMode = paging && !s.cr0(31) && NaiveState.bit(s.r.efer, 8) == 1;
        return value >>> 32 != 0
                || paging && !protection
                || NaiveState.bit(value, CR0_NW) == 1 && NaiveState.bit(value, CR0_CD) == 0
                || !paging && (s.bits64 || s.cr4(17))
                || startsLongMode && (!s.cr4(5) || s.r.codeIs64Bit)
                || NaiveState.bit(value, 16) == 0 && s.cr4(23)
                || !s.outsideVmx && neCleared
                || needsPaging && !(protection && paging);
    }

    /** SDM vol. 2, MOV to CR3; bit 63 with CR4.PCIDE alone. */
    private static boolean badCr3(long value, NaiveState s) {
        long reserved = value << 1 >>> 53;
        return reserved != 0 || NaiveState.bit(value, 63) == 1 && !s.cr4(17);
    }

    /** SDM vol. 2, MOV to CR4; vol. 3, 2.5, 4.10.1, 23.8. */
    private static boolean badCr4(NaiveState s) {
        long value = NaiveMasks.result(s, s.r.cr4, VmcsField.CR4_GUEST_HOST_MASK);
        boolean pcide = NaiveState.bit(value, 17) == 1;
        boolean la57Changes = NaiveState.bit(value, 12) != NaiveState.bit(s.r.cr4, 12);
        return value >>> 33 != 0
                || NaiveState.bit(value, 31) == 1
                || NaiveState.bit(value, 15) == 1
                || s.ia32e && (NaiveState.bit(value, 5) == 0 || la57Changes)
                || pcide && !s.cr4(17) && (!s.ia32e || (s.r.cr3 & 0xFFF) != 0)
                || NaiveState.bit(value, 23) == 1 && !s.cr0(16)
                || !s.outsideVmx && NaiveState.bit(value, 13) == 0;
    }

    /** SDM vol. 3, 17.2: general detect, then bits 63:32 of DR6 and DR7. */
    private static String debugRegister(NaiveState s) {
        if (NaiveState.bit(s.r.dr7, 13) == 1) {
            return "#DB";
        }
        boolean control = s.o.operand() >= 4;
        return gp(s.i == Instruction.MOV_TO_DR && control && s.o.value() >>> 32 != 0);
    }

    /** That the numbers which bitmaps cover are registers, and no others, is a choice of the model's. */
    private static boolean exists(long msr) {
        return msr <= 0x1FFF || msr >= 0xC000_0000L && msr <= 0xC000_1FFFL;
    }

    private static boolean badMsrValue(NaiveState s) {
        long value = s.o.value();
        return switch ((int) s.o.operand()) {
            case 0xC000_0080 -> (value & 1L << 20) != 0 || s.cr0(31) && (value >>> 8 & 1) != (s.r.efer >>> 8 & 1);
            case 0xC000_0082, 0xC000_0100 -> value >> 56 != 0 && value >> 56 != -1; // the widest, whatever CR4.LA57
            default -> false;
        };
    }

    /** SDM vol. 3, 2.6 and 13.3: x87 always; AVX needs SSE; the three of AVX-512 go together, and need AVX; PKRU. */
    private static boolean isXcr0(long value) {
        boolean x87 = NaiveState.bit(value, 0) == 1;
        boolean sse = NaiveState.bit(value, 1) == 1;
        boolean avx = NaiveState.bit(value, 2) == 1;
        int avx512 = NaiveState.bit(value, 5) + NaiveState.bit(value, 6) + NaiveState.bit(value, 7);
        boolean unknown = value >>> 10 != 0 || NaiveState.bit(value, 8) + NaiveState.bit(value, 4) > 0;
        return x87 && (sse || !avx) && (avx512 == 0 || avx512 == 3 && avx) && !unknown;
    }

    /** SDM vol. 3, 23.7 and 23.8: bits 0 and 2 of IA32_FEATURE_CONTROL, CR0.PE, NE and PG. */
    private static boolean cannotEnterVmx(NaiveState s) {
        boolean locked = (s.p.msrs().read(0x3A) & 5) == 5;
        return !locked || !s.cr0(0) || !s.cr0(CR0_NE) || !s.cr0(31);
    }

    /** SDM vol. 2, CALL and JMP: conforming code to DPL and above, other code at DPL, tasks by DPL. */
    private static String farTransfer(NaiveState s) {
        SelectorOperand target = s.selector();
        if (target.isNull()) {
            return GP;
        }
        int weakest = Math.max(s.cpl, target.selector() & 3);
        boolean denied = target.dpl() != s.cpl || (target.selector() & 3) > s.cpl;
        if (target.isConforming()) {
            denied = target.dpl() > s.cpl;
        }
        if (target.isTask()) {
            denied = s.ia32e || target.dpl() < weakest;
        }
        return segment(s, denied || target.isUnsuitable());
    }

    /** SDM vol. 2, RET: not inwards, and to code of the RPL's privilege. */
    private static String farReturn(NaiveState s) {
        SelectorOperand target = s.selector();
        int rpl = target.selector() & 3;
        if (target.isNull()) {
            return GP;
        }
        boolean wrongLevel = target.isConforming() ? target.dpl() > rpl : target.dpl() != rpl;
        return segment(s, rpl < s.cpl || wrongLevel || target.isUnsuitable());
    }

    /** SDM vol. 2, MOV: SS at CPL exactly; others null, conforming, or at the weaker of CPL and RPL. */
    private static String load(NaiveState s) {
        SelectorOperand target = s.selector();
        int rpl = target.selector() & 3;
        if (target.register() == SS && target.isNull()) {
            return gp(!(s.bits64 && s.cpl < 3 && rpl == s.cpl));
        }
        if (target.register() == SS) {
            boolean elsewhere = rpl != s.cpl || target.dpl() != s.cpl;
            return segment(s, elsewhere || target.isConforming() || target.isUnsuitable());
        }
        boolean weak = !target.isConforming() && target.dpl() < Math.max(s.cpl, rpl);
        return segment(s, !target.isNull() && (weak || target.isUnsuitable()));
    }

    /** SDM vol. 3, 6.12.1.2 and 6.13; no task gates in IA-32e mode. */
    private static String interrupt(NaiveState s) {
        InterruptOperand n = InterruptOperand.unpack((int) s.o.operand());
        boolean denied = n.gateDpl() < s.cpl || s.ia32e && n.isTaskGate();
        return denied ? "#GP(" + (8 * n.vector() + 2) + ")" : null;
    }
}
