package hvsim.cpu;

import hvsim.cpu.instruction.ControlRegisterValues;
import hvsim.cpu.instruction.Decision;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.Processor;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.InterruptionInfo;
import hvsim.cpu.vmx.InterruptionType;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.ept.PhysicalMemory;

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

    Emulation(Core core, InstructionEffects effects, PdpteLoads pdpteLoads, PhysicalMemory memory) {
        this.core = core;
        this.effects = effects;
        this.pdpteLoads = pdpteLoads;
        this.memory = memory;
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
        execute(vcpu);
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
        return new Processor(mode, cpl, vcpu.registers(), vcpu.msrs(), vcpu.vmcs(), memory);
    }

    private void execute(Vcpu vcpu) {
        Processor bare = processor(Processor.Mode.OUTSIDE_VMX);
        Operation operation = OperationDecoder.decode(vcpu.current(), bare);
        Decision decision = InstructionUnit.decide(operation, bare);
        if (decision.kind() == Decision.Kind.FAULTS) {
            inject(decision.vector(), Math.max(decision.errorCode(), 0), vcpu.vmcs());
        } else if (!pdpteLoads.loadForGuest(operation, bare)) {
            inject(ExceptionVector.GENERAL_PROTECTION.number(), 0, vcpu.vmcs());
        } else {
            Registers r = vcpu.registers();
            boolean steps = (r.rflags & Registers.RFLAGS_TF) != 0;
            int blocking = r.interruptibility & EventUnit.FOR_ONE_INSTRUCTION;
            effects.perform(operation, bare);
            goPast(vcpu, steps, blocking);
        }
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

    private static void inject(int vector, int errorCode, Vmcs vmcs) {
        boolean hasErrorCode = ExceptionVector.byNumber(vector).hasErrorCode();
        vmcs.write(
                VmcsField.ENTRY_INTERRUPTION_INFO,
                InterruptionInfo.pack(InterruptionType.HARDWARE_EXCEPTION, vector, hasErrorCode));
        vmcs.write(VmcsField.ENTRY_EXCEPTION_ERROR_CODE, errorCode);
    }
}
