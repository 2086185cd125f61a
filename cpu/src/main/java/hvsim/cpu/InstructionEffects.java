package hvsim.cpu;

import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.PortOperand;
import hvsim.cpu.instruction.Processor;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.state.Registers;

/** What an instruction does where it neither faults nor exits: of that, what the model has state for. */
final class InstructionEffects {
    /** CPUID leaf 1 EAX: family 6, model 85, stepping 4. */
    static final long CPUID_SIGNATURE = 0x0005_0654;

    private static final int DR6 = 6;
    private static final long DR6_BITS = 0xE00F;
    private static final long DR6_ONES = 0xFFFF_0FF0L;
    private static final long DR7_BITS = 0xFFFF_2BFFL;
    private static final long DR7_ONES = 0x400;

    private final Core core;
    private final ControlRegisterEffects controlRegisters;
    private final MsrEffects msrs;
    private final TranslationEffects translations;

    InstructionEffects(Core core, Mmu mmu) {
        this.core = core;
        GuestSpace space = new GuestSpace(core, mmu);
        this.controlRegisters = new ControlRegisterEffects(core, space);
        this.msrs = new MsrEffects(core, space);
        this.translations = new TranslationEffects(mmu, space);
    }

    /** Blocking by STI or MOV SS ends with the instruction after it. */
    void perform(Operation o, Processor p) {
        p.registers().interruptibility &= ~(Interruptibility.BY_STI | Interruptibility.BY_MOV_SS);
        Vcpu vcpu = core.vcpu();
        Registers r = p.registers();
        if (r != vcpu.registers()) { // those in force are the hypervisor's: Core.registers
            vcpu.hostStateReads().add(o.instruction());
        }
        switch (o.instruction()) {
            case CPUID -> vcpu.observe(o.instruction(), CPUID_SIGNATURE);
            case IN, INS -> vcpu.observe(o.instruction(), noDevice(PortOperand.unpack((int) o.operand())));
            case MOV_FROM_CR0, MOV_FROM_CR2, MOV_FROM_CR3, MOV_FROM_CR4, MOV_FROM_CR8, SMSW ->
                controlRegisters.perform(o, p);
            case MOV_TO_CR0, MOV_TO_CR2, MOV_TO_CR3, MOV_TO_CR4, MOV_TO_CR8, CLTS, LMSW ->
                controlRegisters.perform(o, p);
            case PUSHF, PUSHFD, PUSHFQ, POPF, POPFD, POPFQ, IRET, CLI, STI -> FlagEffects.perform(o, p, vcpu);
            case SGDT, SIDT, SLDT, STR, LGDT, LIDT, LLDT, LTR -> DescriptorEffects.perform(o, p, vcpu);
            case VERR, VERW, LAR, LSL -> DescriptorEffects.perform(o, p, vcpu);
            case PUSH_SREG, POP_SREG, MOV_TO_SREG, MOV_FROM_SREG -> DescriptorEffects.perform(o, p, vcpu);
            case RDMSR, RDMSR_IMMEDIATE, RDMSRLIST, RDTSC, RDTSCP, RDPID, RDPMC, RDRAND, RDSEED -> msrs.perform(o, p);
            case WRMSR, WRMSRNS, WRMSRNS_IMMEDIATE, WRMSRLIST, SWAPGS -> msrs.perform(o, p);
            case INVLPG, INVPCID, VMFUNC -> translations.perform(o, p);
            case MOV_FROM_DR -> vcpu.observe(o.instruction(), debugRegister((int) o.operand(), r));
            case MOV_TO_DR -> setDebugRegister((int) o.operand(), o.value(), r);
            case HLT -> core.events().halt();
            case XGETBV -> vcpu.observe(o.instruction(), r.xcr0);
            case XSETBV -> r.xcr0 = o.value();
            case RDPKRU -> vcpu.observe(o.instruction(), r.pkru);
            case WRPKRU -> r.pkru = (int) o.value();
            case MONITOR, UMONITOR -> r.monitorArmed = true;
            case MWAIT, UMWAIT -> r.monitorArmed = false;
            case VMXON -> r.rflags |= Registers.RFLAGS_CF; // emulated for a guest: VMfailInvalid, for it is refused
            default -> {
                // nothing that the model keeps
            }
        }
    }

    /** What a port without device returns: ones. */
    private static long noDevice(PortOperand port) {
        return (1L << Byte.SIZE * port.bytes()) - 1;
    }

    /** DR4 and DR5 are other names of DR6 and DR7. */
    static long debugRegister(int number, Registers r) {
        int index = number & 7;
        if (index < r.dr.length) {
            return r.dr[index];
        }
        return (index | 2) == DR6 ? r.dr6 : r.dr7;
    }

    private static void setDebugRegister(int number, long value, Registers r) {
        int index = number & 7;
        if (index < r.dr.length) {
            r.dr[index] = value;
        } else if ((index | 2) == DR6) {
            r.dr6 = value & DR6_BITS | DR6_ONES;
        } else {
            r.dr7 = value & DR7_BITS | DR7_ONES;
        }
    }
}
