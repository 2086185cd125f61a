package hvsim.cpu;

import hvsim.cpu.event.Event;
import hvsim.cpu.instruction.ControlRegisterValues;
import hvsim.cpu.instruction.Decision;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.Processor;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.ept.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/**
 * A hypervisor's answer to an instruction that exited: what a bare processor would have done with it, on the guest's
 * registers as the guest sees them. A fault that the bare processor has is injected; so VMX instructions are #UD. What
 * ends with an instruction ends with this one too: blocking by STI or MOV SS; and a single step is pending after it.
 */
final class Emulation {
    private final Core core;
    private final InstructionEffects effects;
    private final PdpteLoads pdpteLoads;
    private final PhysicalMemory memory;
    private final boolean fixedInstructions;

    Emulation(
            Core core,
            InstructionEffects effects,
            PdpteLoads pdpteLoads,
            PhysicalMemory memory,
            boolean fixedInstructions) {
        this.core = core;
        this.effects = effects;
        this.pdpteLoads = pdpteLoads;
        this.memory = memory;
        this.fixedInstructions = fixedInstructions;
    }

    /** Emulates the instruction that the loaded virtual processor's program stands at. */
    void run() {
        Vcpu vcpu = core.vcpu();
        Registers r = vcpu.registers();
        Vmcs vmcs = vcpu.vmcs();
        long mask0 = vmcs.read(VmcsField.CR0_GUEST_HOST_MASK);
        long mask4 = vmcs.read(VmcsField.CR4_GUEST_HOST_MASK);
        long real0 = r.cr0;
        long real4 = r.cr4;
        Processor inGuest = processor(Processor.Mode.NON_ROOT);
        r.cr0 = ControlRegisterValues.visibleCr0(inGuest);
        r.cr4 = ControlRegisterValues.visibleCr4(inGuest);
        Event raised = onBareProcessor();
        if (raised != null) {
            inject(raised, vmcs);
        }
        vmcs.write(VmcsField.CR0_READ_SHADOW, r.cr0);
        vmcs.write(VmcsField.CR4_READ_SHADOW, r.cr4);
        r.cr0 = real0 & mask0 | r.cr0 & ~mask0;
        r.cr4 = real4 & mask4 | r.cr4 & ~mask4;
        vcpu.saveRegisters();
    }

    private Processor processor(Processor.Mode mode) {
        Vcpu vcpu = core.vcpu();
        Program program = vcpu.current();
        int cpl = GuestOp.cpl(program.words[program.position]);
        return new Processor(mode, cpl, vcpu.registers(), vcpu.msrs(), vcpu.vmcs(), memory, fixedInstructions);
    }

    /** The instruction that the program stands at; null if it stands at something else. */
    @Nullable
    Operation operation() {
        Program program = core.vcpu().current();
        boolean stands = !program.isDone() && GuestOp.kind(program.words[program.position]) == GuestOp.INSTRUCTION;
        return stands ? OperationDecoder.decode(program, processor(Processor.Mode.OUTSIDE_VMX)) : null;
    }

    /** What a processor of the guest's own would do; returns the event that it raises in place of that, or null. */
    @Nullable
    Event onBareProcessor() {
        Vcpu vcpu = core.vcpu();
        Processor bare = processor(Processor.Mode.OUTSIDE_VMX);
        Operation operation = OperationDecoder.decode(vcpu.current(), bare);
        Decision decision = InstructionUnit.decide(operation, bare);
        if (decision.kind() == Decision.Kind.FAULTS || operation.instruction() == Instruction.INT_N) {
            return SoftwareEvents.raised(operation, decision);
        }
        if (!pdpteLoads.loadForGuest(operation, bare)) {
            return Event.exception(ExceptionVector.GENERAL_PROTECTION, 0);
        }
        Registers r = vcpu.registers();
        boolean steps = (r.rflags & Registers.RFLAGS_TF) != 0;
        int blocking = r.interruptibility & EventUnit.FOR_ONE_INSTRUCTION;
        effects.perform(operation, bare);
        goPast(vcpu, steps, blocking);
        return null;
    }

    /** Past an instruction that somebody else has done the work of. */
    void skip() {
        Vcpu vcpu = core.vcpu();
        Registers r = vcpu.registers();
        goPast(vcpu, (r.rflags & Registers.RFLAGS_TF) != 0, r.interruptibility & EventUnit.FOR_ONE_INSTRUCTION);
        vcpu.saveRegisters();
    }

    private static void goPast(Vcpu vcpu, boolean steps, int blocking) {
        vcpu.skipOperation();
        vcpu.registers().interruptibility &= ~blocking;
        vcpu.registers().pendingDebug |= steps ? EventUnit.SINGLE_STEP : 0;
    }

    private static void inject(Event raised, Vmcs vmcs) {
        vmcs.write(VmcsField.ENTRY_INTERRUPTION_INFO, raised.interruptionInfo());
        vmcs.write(VmcsField.ENTRY_EXCEPTION_ERROR_CODE, Math.max(raised.errorCode(), 0));
        vmcs.write(VmcsField.ENTRY_INSTRUCTION_LENGTH, raised.lengthBytes());
    }
}
