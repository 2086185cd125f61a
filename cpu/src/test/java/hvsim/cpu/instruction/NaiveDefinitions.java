package hvsim.cpu.instruction;

import static hvsim.cpu.instruction.SelectorOperand.CS;

/** Where an instruction is #UD (SDM vol. 2, its page; vol. 3, 25.3 for what non-root mode needs a control for). */
final class NaiveDefinitions {
    private NaiveDefinitions() {}

    /** #UD that comes before everything. */
    static boolean undefined(NaiveState s) {
        return undefinedByMode(s) || registerForMemory(s);
    }

    /** The operand can be in memory only. */
    private static boolean registerForMemory(NaiveState s) {
        return switch (s.i) {
            case INVLPG, INVPCID, LGDT, LIDT, SGDT, SIDT, BOUND, XSAVE, XRSTOR, XSAVES, XRSTORS -> !s.isMemory;
            case VMXON, VMCLEAR, VMPTRLD, VMPTRST, INVEPT, INVVPID -> !s.isMemory;
            default -> false;
        };
    }

    private static boolean undefinedByMode(NaiveState s) {
        return switch (s.i) {
            case UD2, RSM -> true; // outside SMM
            case LLDT, LTR, SLDT, STR, VERR, VERW, LAR, LSL -> s.real || s.vm86;
            case MOV_TO_CR8, MOV_FROM_CR8, SWAPGS, RDMSR_IMMEDIATE, WRMSRNS_IMMEDIATE -> !s.bits64;
            case SYSCALL, SYSRET -> !s.bits64 || NaiveState.bit(s.r.efer, 0) == 0;
            case INTO, BOUND -> s.bits64;
            case MONITOR, MWAIT, ENCLS, ENCLV, PCONFIG -> s.cpl > 0 || withoutItsControl(s);
            case RDTSCP, RDPID, INVPCID, UMONITOR, UMWAIT, TPAUSE -> withoutItsControl(s);
            case RDMSRLIST, WRMSRLIST -> !s.bits64 || withoutItsControl(s);
            case XSAVES, XRSTORS -> !s.cr4(18) || withoutItsControl(s);
            case XSETBV, XGETBV, XSAVE, XRSTOR -> !s.cr4(18);
            case GETSEC -> !s.cr4(14);
            case RDPKRU, WRPKRU -> !s.cr4(22);
            case LOADIWKEY -> !s.cr4(19);
            case MOV_TO_SREG, POP_SREG -> s.selector().register() == CS; // by far transfers alone
            case VMCALL -> !s.nonRoot && (s.outsideVmx || s.isNoModeForVmx());
            case VMXON -> !s.cr4(13) || s.isNoModeForVmx();
            case VMXOFF, VMCLEAR, VMPTRLD, VMPTRST, VMLAUNCH, VMRESUME, VMREAD, VMWRITE, INVEPT, INVVPID ->
                s.outsideVmx || s.isNoModeForVmx();
            case VMFUNC -> !s.nonRoot || !s.secondary(13) || (s.o.operand() & 0xFFFF_FFFFL) >= 64;
            default -> false;
        };
    }

    /** In non-root mode, "enable ..." has to be 1 (SDM vol. 3, 25.3). */
    private static boolean withoutItsControl(NaiveState s) {
        return s.nonRoot
                && switch (s.i) {
                    case RDTSCP, RDPID -> !s.secondary(3);
                    case INVPCID -> !s.secondary(12);
                    case XSAVES, XRSTORS -> !s.secondary(20);
                    case UMONITOR, UMWAIT, TPAUSE -> !s.secondary(26);
                    case PCONFIG -> !s.secondary(27);
                    case RDMSRLIST, WRMSRLIST -> !s.tertiary(6);
                    default -> false;
                };
    }

    /** DR4 and DR5 with CR4.DE: after a VM exit (SDM vol. 3, 25.1.3 "MOV DR"). */
    static boolean undefinedAfterExit(NaiveState s) {
        return (s.i == Instruction.MOV_TO_DR || s.i == Instruction.MOV_FROM_DR)
                && s.cr4(3)
                && (s.o.operand() == 4 || s.o.operand() == 5);
    }
}
