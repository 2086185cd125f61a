package hvsim.cpu;

import hvsim.cpu.instruction.InvvpidOperand;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.InvalidationOperands;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxCapability;
import hvsim.cpu.vmx.VmxError;
import hvsim.ept.EptPointer;
import hvsim.tlb.Invalidation;

/**
 * INVEPT and INVVPID in root mode, and what hypervisors without it use: MOV to CR3 and INVLPG. An operand that is none makes them fail with error 28.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 30.3 and 28.3.3.1.
 */
final class RootInvalidations {
    private static final int SINGLE_CONTEXT = 1;
    private static final int ALL_CONTEXTS = 2;
    private static final int INDIVIDUAL_ADDRESS = 0;
    private static final long RESERVED = 1 << 16;

    private final Core core;
    private final Mmu mmu;
    private final Transitions transitions;

    RootInvalidations(Core core, Mmu mmu, Transitions transitions) {
        this.core = core;
        this.mmu = mmu;
        this.transitions = transitions;
    }

    boolean invept(int type, long eptp) {
        boolean valid = InvalidationOperands.isValidInvept(type, eptp, VmxCapability.ALL);
        if (valid) {
            mmu.invalidate(ofInvept(type, eptp));
        }
        return finish(valid);
    }

    boolean invvpid(int operand, long gva) {
        InvvpidOperand o = InvvpidOperand.unpack(operand);
        boolean valid = InvalidationOperands.isValidInvvpid(o.type(), descriptor(o), gva, VmxCapability.ALL);
        if (valid) {
            mmu.invalidate(ofInvvpid(o, gva));
        }
        return finish(valid);
    }

    /** MOV to CR3, without PCIDs. */
    boolean loadCr3(long cr3) {
        transitions.hostRegisters().cr3 = cr3;
        loadPdptes();
        mmu.invalidate(Invalidation.movCr3(0, 0));
        mmu.tables().enterOneStage(transitions.hostRegisters(), 0);
        return true;
    }

    /** MOV to CR4, of which PGE alone may change. */
    boolean loadCr4(long cr4) {
        Registers host = transitions.hostRegisters();
        boolean changes = ((host.cr4 ^ cr4) & Registers.CR4_PGE) != 0;
        host.cr4 = cr4;
        if (changes) {
            loadPdptes();
            mmu.invalidate(Invalidation.controlRegister(0));
        }
        mmu.tables().enterOneStage(host, 0);
        return true;
    }

    /** Under PAE paging both do so (SDM vol. 3, 4.4.1); a hypervisor's own are in order. */
    private void loadPdptes() {
        if (transitions.root().loadPdptes()) {
            core.spend(CyclePart.HYPERVISOR, mmu.guestWalkCycles());
        }
    }

    boolean invlpg(long gva) {
        mmu.invalidate(Invalidation.invlpg(0, 0, gva & GuestOp.GVA_MASK));
        return true;
    }

    /** The low quadword of the descriptor. */
    static long descriptor(InvvpidOperand o) {
        return o.vpid() | (o.isReservedSet() ? RESERVED : 0);
    }

    /** What a valid INVEPT drops. */
    static Invalidation ofInvept(int type, long eptp) {
        return type == SINGLE_CONTEXT ? Invalidation.inveptContext(EptPointer.ep4ta(eptp)) : Invalidation.inveptAll();
    }

    /** What a valid INVVPID drops. */
    static Invalidation ofInvvpid(InvvpidOperand o, long gva) {
        return switch (o.type()) {
            case INDIVIDUAL_ADDRESS -> Invalidation.invvpidAddress(o.vpid(), gva & GuestOp.GVA_MASK);
            case SINGLE_CONTEXT -> Invalidation.invvpidContext(o.vpid());
            case ALL_CONTEXTS -> Invalidation.invvpidAll();
            default -> Invalidation.invvpidContextButGlobals(o.vpid());
        };
    }

    /** VMsucceed, or VMfailValid: ZF, and the error in the VMCS. */
    private boolean finish(boolean valid) {
        Registers host = transitions.hostRegisters();
        host.rflags &= ~(Registers.RFLAGS_CF | Registers.RFLAGS_ZF);
        if (!valid) {
            host.rflags |= Registers.RFLAGS_ZF;
            core.vcpu().vmcs().write(VmcsField.VM_INSTRUCTION_ERROR, VmxError.INVALID_OPERAND.number());
        }
        return true;
    }
}
