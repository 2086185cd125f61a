package hvsim.cpu.instruction;

import hvsim.cpu.vmx.VmcsField;

/** Which VM exit an instruction in non-root mode leads to: number of the reason and qualification (SDM vol. 3, 25.1). */
final class NaiveExits {
    /** Reason, and what it tells; null where there is none. */
    record Exit(int reason, long qualification, int vector) {
        Exit(int reason, long qualification) {
            this(reason, qualification, 0);
        }
    }

    private static final int TO = 0;
    private static final int FROM = 1 << 4;
    private static final int CLTS_TYPE = 2 << 4;
    private static final int LMSW_TYPE = 3 << 4;

    private NaiveExits() {}

    static Exit exit(NaiveState s) {
        return switch (s.i) {
            case CPUID -> new Exit(10, 0);
            case GETSEC -> new Exit(11, 0);
            case HLT -> when(s.primary(7), 12, 0);
            case INVD -> new Exit(13, 0);
            case INVLPG -> when(s.primary(9), 14, s.o.value());
            case RDPMC -> when(s.primary(11), 15, 0);
            case RDTSC -> when(s.primary(12), 16, 0);
            case VMCALL -> new Exit(18, 0);
            case VMCLEAR -> new Exit(19, displacement(s));
            case VMLAUNCH -> new Exit(20, 0);
            case VMPTRLD -> new Exit(21, displacement(s));
            case VMPTRST -> new Exit(22, displacement(s));
            case VMREAD -> when(!isShadowed(s, VmcsField.VMREAD_BITMAP), 23, displacement(s));
            case VMRESUME -> new Exit(24, 0);
            case VMWRITE -> when(!isShadowed(s, VmcsField.VMWRITE_BITMAP), 25, displacement(s));
            case VMXOFF -> new Exit(26, 0);
            case VMXON -> new Exit(27, displacement(s));
            case IN, OUT, INS, OUTS -> when(portExits(s), 30, port(s));
            case MWAIT -> when(s.primary(10), 36, s.r.monitorArmed ? 1 : 0);
            case MONITOR -> when(s.primary(29), 39, 0);
            case PAUSE -> when(pauseExits(s), 40, 0);
            case LGDT, LIDT, SGDT, SIDT -> when(s.secondary(2), 46, displacement(s));
            case LLDT, LTR, SLDT, STR -> when(s.secondary(2), 47, displacement(s));
            case INVEPT -> new Exit(50, displacement(s));
            case RDTSCP -> when(s.primary(12), 51, 0);
            case INVVPID -> new Exit(53, displacement(s));
            case WBINVD, WBNOINVD -> when(s.secondary(6), 54, 0);
            case XSETBV -> new Exit(55, 0);
            case RDRAND -> when(s.secondary(11), 57, 0);
            case INVPCID -> when(s.primary(9), 58, displacement(s));
            case VMFUNC -> when(!NaiveEptpList.switches(s), 59, 0);
            case RDSEED -> when(s.secondary(16), 61, 0);
            case XSAVES -> when(xssExits(s), 63, displacement(s));
            case XRSTORS -> when(xssExits(s), 64, displacement(s));
            case ENCLS -> when(s.secondary(15) && leafExits(s, VmcsField.ENCLS_EXITING_BITMAP), 60, 0);
            case PCONFIG -> when(leafExits(s, VmcsField.PCONFIG_EXITING_BITMAP), 65, 0);
            case UMWAIT -> when(s.primary(12), 67, 0);
            case TPAUSE -> when(s.primary(12), 68, 0);
            case LOADIWKEY -> when(s.tertiary(0), 69, 0);
            case ENCLV -> when(s.secondary(28) && leafExits(s, VmcsField.ENCLV_EXITING_BITMAP), 70, 0);
            case CLTS, LMSW, MOV_TO_CR0, MOV_TO_CR3, MOV_TO_CR4, MOV_TO_CR8, MOV_FROM_CR3, MOV_FROM_CR8 ->
                controlRegister(s);
            case MOV_TO_DR, MOV_FROM_DR -> when(s.primary(23), 29, debugRegister(s));
            case RDMSR -> when(msrExits(s, 0), 31, 0);
            case WRMSR, WRMSRNS -> when(msrExits(s, 0x800), 32, 0);
            case RDMSRLIST -> when(msrExits(s, 0), 78, msr(s));
            case WRMSRLIST -> when(msrExits(s, 0x800), 79, msr(s));
            case RDMSR_IMMEDIATE -> when(msrExits(s, 0), 84, msr(s));
            case WRMSRNS_IMMEDIATE -> when(msrExits(s, 0x800), 85, msr(s));
            case INT1 -> exception(s, 1);
            case INT3 -> exception(s, 3);
            case INTO -> s.o.operand() == 0 ? null : exception(s, 4);
            case BOUND -> s.o.operand() == 0 ? null : exception(s, 5);
            case DIV -> s.o.operand() == 0 ? null : exception(s, 0);
            default -> null;
        };
    }

    /** UD2 raises what others fault with: its exit is by the bitmap too. */
    static Exit exception(NaiveState s, int vector) {
        return NaiveState.bit(s.field(VmcsField.EXCEPTION_BITMAP), vector) == 1 ? new Exit(0, 0, vector) : null;
    }

    /** Task switches, after the checks of the descriptor (SDM vol. 3, 25.4.2). */
    static Exit taskSwitch(NaiveState s) {
        int tss = (int) s.o.operand() & 0xFFFF;
        return switch (s.i) {
            case CALL_FAR -> when(s.selector().isTask(), 9, tss);
            case JMP_FAR -> when(s.selector().isTask(), 9, tss | 2L << 30);
            case IRET -> when(NaiveState.bit(s.r.rflags, 14) == 1 && !s.vm86, 9, tss | 1L << 30);
            case INT_N -> {
                InterruptOperand n = InterruptOperand.unpack((int) s.o.operand());
                yield when(n.isTaskGate(), 9, n.tssSelector() | 3L << 30);
            }
            default -> null;
        };
    }

    private static Exit when(boolean exits, int reason, long qualification) {
        return exits ? new Exit(reason, qualification) : null;
    }

    private static long displacement(NaiveState s) {
        return s.isMemory ? s.o.encoding().memory().displacement() : 0;
    }

    private static long msr(NaiveState s) {
        return s.o.operand() & 0xFFFF_FFFFL;
    }

    /** SDM vol. 3, 24.6.15: no bit of the encoding above 14, and its bit in the bitmap 0. */
    private static boolean isShadowed(NaiveState s, VmcsField bitmap) {
        long encoding = s.o.operand();
        return s.secondary(14) && encoding >>> 15 == 0 && !s.bitmap(s.field(bitmap), encoding);
    }

    /** SDM vol. 3, 25.1.3: bitmap A for 0 to 7FFFH, B above; an access beyond FFFFH exits. */
    private static boolean portExits(NaiveState s) {
        PortOperand port = PortOperand.unpack((int) s.o.operand());
        if (!s.primary(25)) {
            return s.primary(24);
        }
        for (int n = port.port(); n < port.port() + port.bytes(); n++) {
            long bitmap = s.field(n < 0x8000 ? VmcsField.IO_BITMAP_A : VmcsField.IO_BITMAP_B);
            if (n > 0xFFFF || s.bitmap(bitmap, n % 0x8000)) {
                return true;
            }
        }
        return false;
    }

    /** Table 27-5. */
    private static long port(NaiveState s) {
        PortOperand port = PortOperand.unpack((int) s.o.operand());
        boolean in = s.i == Instruction.IN || s.i == Instruction.INS;
        boolean string = s.i == Instruction.INS || s.i == Instruction.OUTS;
        return port.bytes()
                - 1
                + (in ? 8 : 0)
                + (string ? 16 : 0)
                + (port.isRepeated() ? 32 : 0)
                + (port.isImmediate() ? 64 : 0)
                + 0x1_0000L * port.port();
    }

    private static boolean pauseExits(NaiveState s) {
        return s.primary(30) || s.secondary(10) && s.cpl == 0 && s.o.operand() == 1;
    }

    /** EDX:EAX AND IA32_XSS AND the XSS-exiting bitmap (SDM vol. 3, 25.1.3). */
    private static boolean xssExits(NaiveState s) {
        return (s.o.value() & s.p.msrs().read(0xDA0) & s.field(VmcsField.XSS_EXITING_BITMAP)) != 0;
    }

    private static boolean leafExits(NaiveState s, VmcsField bitmap) {
        long leaf = s.o.operand() & 0xFFFF_FFFFL;
        return NaiveState.bit(s.field(bitmap), leaf > 63 ? 63 : (int) leaf) == 1;
    }

    /** SDM vol. 3, 24.6.9: low MSRs at 0, high ones 400H further. */
    private static boolean msrExits(NaiveState s, int bitmaps) {
        long msr = msr(s);
        boolean low = msr <= 0x1FFF;
        boolean high = msr >= 0xC000_0000L && msr <= 0xC000_1FFFL;
        if (!s.primary(28) || !low && !high) {
            return true;
        }
        return s.bitmap(s.field(VmcsField.MSR_BITMAP) + bitmaps + (high ? 0x400 : 0), msr & 0x1FFF);
    }

    /** Table 27-4. */
    private static long debugRegister(NaiveState s) {
        long direction = s.i == Instruction.MOV_FROM_DR ? FROM : TO;
        return s.o.operand() | direction | (long) s.o.encoding().register() << 8;
    }

    /** Table 27-3. */
    private static Exit controlRegister(NaiveState s) {
        long gpr = (long) s.o.encoding().register() << 8;
        return switch (s.i) {
            case CLTS -> when(NaiveMasks.cltsExits(s), 28, CLTS_TYPE);
            case LMSW -> {
                LmswOperand lmsw = LmswOperand.unpack((int) s.o.operand());
                long memory = lmsw.isMemory() ? 1 << 6 : 0;
                yield when(NaiveMasks.lmswExits(s), 28, LMSW_TYPE | memory | (long) lmsw.source() << 16);
            }
            case MOV_TO_CR0 -> when(NaiveMasks.movToCr0Exits(s), 28, 0 | TO | gpr);
            case MOV_TO_CR3 -> when(NaiveMasks.movToCr3Exits(s), 28, 3 | TO | gpr);
            case MOV_TO_CR4 -> when(NaiveMasks.movToCr4Exits(s), 28, 4 | TO | gpr);
            case MOV_TO_CR8 -> when(s.primary(19), 28, 8 | TO | gpr);
            case MOV_FROM_CR3 -> when(s.primary(16), 28, 3 | FROM | gpr);
            default -> when(s.primary(20), 28, 8 | FROM | gpr);
        };
    }
}
