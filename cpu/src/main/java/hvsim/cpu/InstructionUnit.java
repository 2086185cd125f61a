package hvsim.cpu;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.Invalidation;

/**
 * Executes the instructions that virtualization cares about: a privilege fault, a VM exit, or their effect.
 * The order is that of SDM vol. 3 (325384-059US), 25.1.1: invalid opcode and privilege, then the exit, then
 * the rest.
 */
final class InstructionUnit {
    /** CPUID leaf 1 EAX: family 6, model 85, stepping 4. */
    static final long CPUID_SIGNATURE = 0x0005_0654;

    /** What a port without device returns. */
    static final long NO_DEVICE = 0xFF;

    // Exit qualification of control-register accesses: 3:0 number, 5:4 kind (0 to, 1 from); of I/O: 3 IN, 31:16 port.
    private static final long FROM_CR = 1 << 4;
    private static final long IO_IN = 1 << 3;
    private static final int PORT_SHIFT = 16;

    private final Core core;
    private final Mmu mmu;
    private final Transitions transitions;
    private final PhysicalMemory memory;
    private final int[] cycles;

    InstructionUnit(Core core, Mmu mmu, Transitions transitions, PhysicalMemory memory, CostModel costs) {
        this.core = core;
        this.mmu = mmu;
        this.transitions = transitions;
        this.memory = memory;
        this.cycles = costs.byInstruction();
    }

    /** Returns false if the core's run has to come back. */
    boolean execute(Program program, long word) {
        Instruction instruction = Instruction.byNumber(GuestOp.number(word));
        int operand = GuestOp.operand(word);
        long value = GuestOp.words(word) == 2 ? program.words[program.position + 1] : 0;
        Vcpu vcpu = core.vcpu();
        if (transitions.isRoot()) {
            return executeInRoot(program, word, instruction, value);
        }
        if (!isDefined(instruction)) {
            return core.raise(Exceptions.INVALID_OPCODE, 0, 0);
        }
        if (!isPermitted(instruction, GuestOp.cpl(word), vcpu.registers())) {
            return core.raise(Exceptions.GENERAL_PROTECTION, 0, 0);
        }
        if (transitions.isNonRoot() && ExitConditions.exits(instruction, operand, value, vcpu.vmcs(), memory)) {
            return exit(instruction, operand, value);
        }
        perform(instruction, operand, value);
        core.complete(program, word, cycles[instruction.ordinal()]);
        return true;
    }

    private boolean isDefined(Instruction instruction) {
        return transitions.isNonRoot() || instruction != Instruction.VMCALL && !instruction.isRootOnly();
    }

    private static boolean isPermitted(Instruction instruction, int cpl, Registers registers) {
        if (instruction.anyCpl()) {
            return true;
        }
        boolean io = instruction == Instruction.IN || instruction == Instruction.OUT;
        return cpl <= (io ? registers.iopl() : 0);
    }

    private boolean executeInRoot(Program program, long word, Instruction instruction, long value) {
        core.complete(program, word, cycles[instruction.ordinal()]);
        if (instruction == Instruction.INVEPT) {
            mmu.invalidate(Invalidation.inveptContext(value & Registers.CR3_ROOT));
        }
        return instruction != Instruction.VMRESUME || transitions.enter();
    }

    private boolean exit(Instruction instruction, int operand, long value) {
        ExitReason reason = reason(instruction);
        long qualification = qualification(instruction, operand, value);
        long detail = reason == ExitReason.INVLPG ? -1 : operandOfDetail(instruction, operand);
        if (detail >= 0) {
            core.vcpu().exits().begin(ExitCounts.detail(reason, detail));
        }
        return transitions.exitOnInstruction(reason, instruction, operand, value, qualification);
    }

    private static long operandOfDetail(Instruction instruction, int operand) {
        return switch (instruction) {
            case IN, OUT, RDMSR, WRMSR ->
                (operand & 0xFFFF_FFFFL) << 1
                        | (instruction == Instruction.OUT || instruction == Instruction.WRMSR ? 1 : 0);
            case MOV_TO_CR0, MOV_TO_CR3, MOV_TO_CR4 -> (long) number(instruction) << 1 | 1;
            case MOV_FROM_CR0, MOV_FROM_CR3, MOV_FROM_CR4 -> (long) number(instruction) << 1;
            default -> -1;
        };
    }

    private static ExitReason reason(Instruction instruction) {
        return switch (instruction) {
            case CPUID -> ExitReason.CPUID;
            case HLT -> ExitReason.HLT;
            case IN, OUT -> ExitReason.IO_INSTRUCTION;
            case RDMSR -> ExitReason.MSR_READ;
            case WRMSR -> ExitReason.MSR_WRITE;
            case MOV_TO_CR0, MOV_TO_CR3, MOV_TO_CR4, MOV_FROM_CR0, MOV_FROM_CR3, MOV_FROM_CR4 -> ExitReason.CR_ACCESS;
            case INVLPG -> ExitReason.INVLPG;
            case VMCALL -> ExitReason.VMCALL;
            case RDTSC -> ExitReason.RDTSC;
            case PAUSE -> ExitReason.PAUSE_INSTRUCTION;
            case VMREAD, VMWRITE, VMPTRLD, VMRESUME, INVEPT ->
                throw new IllegalStateException(instruction + " in a guest needs nested virtualization");
        };
    }

    private static long qualification(Instruction instruction, int operand, long value) {
        return switch (instruction) {
            case IN -> (long) operand << PORT_SHIFT | IO_IN;
            case OUT -> (long) operand << PORT_SHIFT;
            case MOV_TO_CR0, MOV_TO_CR3, MOV_TO_CR4 -> number(instruction);
            case MOV_FROM_CR0, MOV_FROM_CR3, MOV_FROM_CR4 -> number(instruction) | FROM_CR;
            case INVLPG -> value;
            default -> 0;
        };
    }

    private static int number(Instruction instruction) {
        return switch (instruction) {
            case MOV_TO_CR3, MOV_FROM_CR3 -> 3;
            case MOV_TO_CR4, MOV_FROM_CR4 -> 4;
            default -> 0;
        };
    }

    /** The effect of an instruction on a guest that may see and change what is its own. */
    void perform(Instruction instruction, int operand, long value) {
        Vcpu vcpu = core.vcpu();
        Registers r = vcpu.registers();
        switch (instruction) {
            case CPUID -> vcpu.observe(instruction, CPUID_SIGNATURE);
            case IN -> vcpu.observe(instruction, NO_DEVICE);
            case RDMSR -> vcpu.observe(instruction, vcpu.msrs().read(operand));
            case WRMSR -> vcpu.msrs().write(operand, value);
            case MOV_FROM_CR0 ->
                vcpu.observe(instruction, visible(r.cr0, VmcsField.CR0_GUEST_HOST_MASK, VmcsField.CR0_READ_SHADOW));
            case MOV_FROM_CR4 ->
                vcpu.observe(instruction, visible(r.cr4, VmcsField.CR4_GUEST_HOST_MASK, VmcsField.CR4_READ_SHADOW));
            case MOV_FROM_CR3 -> vcpu.observe(instruction, r.cr3);
            case MOV_TO_CR3 -> loadCr3(value);
            case INVLPG -> mmu.invalidate(Invalidation.invlpg(mmu.vpid(), mmu.pcid(), value & GuestOp.GVA_MASK));
            case RDTSC -> vcpu.observe(instruction, 0);
            case HLT, OUT, MOV_TO_CR0, MOV_TO_CR4, VMCALL, PAUSE, VMREAD, VMWRITE, VMPTRLD, VMRESUME, INVEPT -> {
                // no effect that the model keeps
            }
        }
    }

    private long visible(long real, VmcsField mask, VmcsField shadow) {
        if (!transitions.isNonRoot()) {
            return real;
        }
        Vmcs vmcs = core.vcpu().vmcs();
        return real & ~vmcs.read(mask) | vmcs.read(shadow) & vmcs.read(mask);
    }

    /** A value of 0 loads CR3 again as it is. */
    void loadCr3(long value) {
        Registers r = core.vcpu().registers();
        boolean keep = (value & Registers.CR3_KEEP) != 0;
        if (value != 0) {
            r.cr3 = value & ~Registers.CR3_KEEP;
        }
        if (!keep || (r.cr4 & Registers.CR4_PCIDE) == 0) {
            mmu.invalidate(Invalidation.movCr3(mmu.vpid(), r.pcid()));
        }
        transitions.enterAddressSpace();
    }
}
