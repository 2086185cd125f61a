package hvsim.cpu.instruction;

/** Where an instruction is #GP(0) by privilege (SDM vol. 2, its page; the rule of each row of the facts). */
final class NaivePrivileges {
    /** The facts doubt it: some implementations exit first. The SDM's rule: the fault (vol. 3, 25.1.1). */
    private static final boolean XSETBV_AND_INVPCID_FAULT_BEFORE_THE_EXIT = true;

    private NaivePrivileges() {}

    /** #GP(0) before the VM exit. */
    static boolean denied(NaiveState s) {
        return switch (s.i) {
            case HLT, INVD, WBINVD, WBNOINVD, INVLPG, LGDT, LIDT, LLDT, LTR, LMSW, CLTS -> s.cpl > 0;
            case MOV_TO_CR0, MOV_TO_CR2, MOV_TO_CR3, MOV_TO_CR4, MOV_TO_CR8 -> s.cpl > 0;
            case MOV_FROM_CR0, MOV_FROM_CR2, MOV_FROM_CR3, MOV_FROM_CR4, MOV_FROM_CR8 -> s.cpl > 0;
            case RDMSR, WRMSR, WRMSRNS, RDMSR_IMMEDIATE, WRMSRNS_IMMEDIATE, RDMSRLIST, WRMSRLIST -> s.cpl > 0;
            case SYSRET, SYSEXIT, SWAPGS, XSAVES, XRSTORS, LOADIWKEY -> s.cpl > 0;
            case XSETBV, INVPCID -> s.cpl > 0 && XSETBV_AND_INVPCID_FAULT_BEFORE_THE_EXIT;
            case SGDT, SIDT, SLDT, STR, SMSW -> s.cpl > 0 && s.cr4(11);
            case RDTSC, RDTSCP, UMWAIT, TPAUSE -> s.cpl > 0 && s.cr4(2);
            case RDPMC -> s.cpl > 0 && !s.cr4(8);
            case IN, OUT, INS, OUTS -> isPortDenied(s);
            case CLI, STI -> isInterruptFlagDenied(s);
            case PUSHF, PUSHFD, PUSHFQ, POPF, POPFD, POPFQ, IRET -> s.vm86 && s.iopl() < 3;
            default -> false;
        };
    }

    /** #GP(0) after the VM exit: MOV DR, and VMX instructions (SDM vol. 3, 25.1.3 and 30.3). */
    static boolean deniedAfterExit(NaiveState s) {
        return switch (s.i) {
            case MOV_TO_DR, MOV_FROM_DR -> s.cpl > 0;
            case VMCALL, VMXON, VMXOFF, VMCLEAR, VMPTRLD, VMPTRST, VMLAUNCH, VMRESUME -> s.cpl > 0;
            case VMREAD, VMWRITE, INVEPT, INVVPID -> s.cpl > 0;
            default -> false;
        };
    }

    /** SDM vol. 2, IN: protected mode with CPL above IOPL, or virtual-8086 mode: the bitmap of the TSS. */
    private static boolean isPortDenied(NaiveState s) {
        boolean asksBitmap = !s.real && (s.cpl > s.iopl() || s.vm86);
        return asksBitmap && !PortOperand.unpack((int) s.o.operand()).isPermitted();
    }

    /** SDM vol. 2, STI: with the virtual interrupt flag in its place, a pending one is #GP(0). */
    private static boolean isInterruptFlagDenied(NaiveState s) {
        if (s.real || s.cpl <= s.iopl()) {
            return false;
        }
        boolean virtualFlag = s.vm86 ? s.cr4(0) : s.cpl == 3 && s.cr4(1);
        boolean pending = NaiveState.bit(s.r.rflags, 20) == 1;
        return !virtualFlag || s.i == Instruction.STI && pending;
    }
}
