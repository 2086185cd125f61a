package hvsim.cpu;

import hvsim.cpu.instruction.Decision;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.InstructionRules;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.Processor;
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
        long value = GuestOp.words(word) == 2 ? program.words[program.position + 1] : 0;
        if (transitions.isRoot()) {
            return executeInRoot(program, word, instruction, value);
        }
        Operation operation = Operation.of(instruction, GuestOp.operand(word) & 0xFFFF_FFFFL, value);
        Decision decision = InstructionRules.decide(operation, processor(GuestOp.cpl(word)));
        return switch (decision.kind()) {
            case FAULTS -> core.raise(decision.vector(), Math.max(decision.errorCode(), 0), 0);
            case EXITS -> exit(operation, decision);
            case EXECUTES -> {
                perform(instruction, GuestOp.operand(word), value);
                core.complete(program, word, cycles[instruction.ordinal()]);
                yield true;
            }
        };
    }

    private Processor processor(int cpl) {
        Vcpu vcpu = core.vcpu();
        Processor.Mode mode = transitions.isNonRoot() ? Processor.Mode.NON_ROOT : Processor.Mode.OUTSIDE_VMX;
        return new Processor(mode, cpl, vcpu.registers(), vcpu.msrs(), vcpu.vmcs(), memory);
    }

    private boolean executeInRoot(Program program, long word, Instruction instruction, long value) {
        core.complete(program, word, cycles[instruction.ordinal()]);
        if (instruction == Instruction.INVEPT) {
            mmu.invalidate(Invalidation.inveptContext(value & Registers.CR3_ROOT));
        }
        return instruction != Instruction.VMRESUME || transitions.enter();
    }

    private boolean exit(Operation operation, Decision decision) {
        ExitReason reason = decision.reason();
        if (reason == null) {
            throw new IllegalStateException("an exit without a reason");
        }
        long detail = ExitDetails.of(operation, decision);
        if (detail >= 0) {
            core.vcpu().exits().begin(ExitCounts.detail(reason, detail));
        }
        return transitions.exitOnInstruction(reason, operation, decision);
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
            default -> {
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
