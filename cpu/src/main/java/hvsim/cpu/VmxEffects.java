package hvsim.cpu;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.InvvpidOperand;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.Processor;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.VmEntryOutcome;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmxCapability;
import hvsim.cpu.vmx.VmxOperation;
import hvsim.cpu.vmx.VmxResult;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.Snapshot;

/**
 * VMX instructions of the programs that a core runs: of a native kernel that enters VMX operation by itself, and the
 * accesses of a guest to its shadow VMCS. The hypervisor that the model has is none of these.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 24.10 and chapter 30.
 */
final class VmxEffects {
    private static final int IA32_FEATURE_CONTROL = 0x3A;

    private final Core core;
    private final Mmu mmu;
    private final VmxOperation operation;

    VmxEffects(Core core, Mmu mmu, PhysicalMemory memory) {
        this.core = core;
        this.mmu = mmu;
        this.operation = new VmxOperation(memory, VmxCapability.ALL);
    }

    /** Whether a native kernel has entered VMX operation. */
    boolean isInRoot() {
        return operation.mode() == VmxOperation.Mode.ROOT;
    }

    Vmcs vmcsAt(long pointer) {
        return operation.at(pointer);
    }

    static boolean has(Instruction instruction) {
        return switch (instruction) {
            case VMXON,
                    VMXOFF,
                    VMCLEAR,
                    VMPTRLD,
                    VMPTRST,
                    VMREAD,
                    VMWRITE,
                    VMCALL,
                    VMLAUNCH,
                    VMRESUME,
                    INVEPT,
                    INVVPID -> true;
            default -> false;
        };
    }

    /** Returns false if it is #GP(0), which VMXON alone can be by what it finds. */
    boolean perform(Operation o, Processor p) {
        Registers r = p.registers();
        VmxResult result = result(o, p);
        if (result.kind() == VmxResult.Kind.GENERAL_PROTECTION) {
            return false;
        }
        r.rflags = result.rflags(r.rflags);
        r.interruptibility &= ~(Interruptibility.BY_STI | Interruptibility.BY_MOV_SS);
        return true;
    }

    private VmxResult result(Operation o, Processor p) {
        return switch (o.instruction()) {
            case VMXON ->
                operation.vmxon(o.value(), p.registers(), core.vcpu().msrs().read(IA32_FEATURE_CONTROL));
            case VMXOFF -> operation.vmxoff();
            case VMCLEAR -> operation.vmclear(o.value());
            case VMPTRLD -> operation.vmptrld(o.value());
            case VMPTRST -> {
                core.vcpu().observe(o.instruction(), operation.vmptrst());
                yield VmxResult.SUCCEED;
            }
            case VMREAD -> read(o, p);
            case VMWRITE ->
                p.mode() == Processor.Mode.NON_ROOT
                        ? operation.vmwriteLinked(p.vmcs(), o.operand(), o.value())
                        : operation.vmwrite(o.operand(), o.value());
            case VMCALL -> operation.vmcall();
            case VMLAUNCH -> enter(true, p.registers());
            case VMRESUME -> enter(false, p.registers());
            case INVEPT -> invept(o);
            case INVVPID -> invvpid(o);
            default -> throw new IllegalArgumentException(o.instruction() + " is no VMX instruction");
        };
    }

    private VmxResult read(Operation o, Processor p) {
        VmxOperation.Read read = p.mode() == Processor.Mode.NON_ROOT
                ? operation.vmreadLinked(p.vmcs(), o.operand())
                : operation.vmread(o.operand());
        if (read.result().succeeds()) {
            core.vcpu().observe(o.instruction(), read.value());
        }
        return read.result();
    }

    private VmxResult invept(Operation o) {
        VmxResult result = operation.invept(o.operand(), o.value());
        if (result.succeeds()) {
            mmu.invalidate(RootInvalidations.ofInvept((int) o.operand(), o.value()));
        }
        return result;
    }

    private VmxResult invvpid(Operation o) {
        InvvpidOperand operand = InvvpidOperand.unpack((int) o.operand());
        VmxResult result = operation.invvpid(operand.type(), RootInvalidations.descriptor(operand), o.value());
        if (result.succeeds()) {
            mmu.invalidate(RootInvalidations.ofInvvpid(operand, o.value()));
        }
        return result;
    }

    /** @throws IllegalStateException unless VMLAUNCH or VMRESUME itself fails: a native program has no guests */
    private VmxResult enter(boolean launch, Registers r) {
        boolean blocked = (r.interruptibility & Interruptibility.BY_MOV_SS) != 0;
        VmEntryOutcome outcome = operation.enter(launch, r.isLongMode(), blocked);
        return switch (outcome.kind()) {
            case VMFAIL_INVALID, VMFAIL_VALID -> outcome.result();
            case SUCCEEDS, ENTRY_FAILURE ->
                throw new IllegalStateException(core.vcpu().name() + ": a native kernel's own "
                        + (launch ? "VMLAUNCH" : "VMRESUME")
                        + " passes all checks of controls and host state, but the model runs no guests of programs");
        };
    }

    void transfer(Snapshot snapshot) {
        operation.transfer(snapshot);
    }
}
