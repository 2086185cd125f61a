package hvsim.cpu;

import hvsim.cpu.instruction.InvpcidOperand;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.Processor;
import hvsim.cpu.vmx.EptpSwitching;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmxCapability;
import hvsim.cpu.vmx.VmxControl;
import hvsim.tlb.Invalidation;

/**
 * What a guest's own instructions do to its translations: INVLPG, INVPCID, and the switch of EPTPs by VMFUNC.
 *
 * <p>Source: Intel SDM vol. 2 (325383-059US), INVPCID; vol. 3, 4.10.4.1, 25.5.5.3 and 28.3.3.
 */
final class TranslationEffects {
    private final Mmu mmu;
    private final GuestSpace space;

    TranslationEffects(Mmu mmu, GuestSpace space) {
        this.mmu = mmu;
        this.space = space;
    }

    void perform(Operation o, Processor p) {
        switch (o.instruction()) {
            case INVLPG -> {
                int pcid = p.registers().pcid();
                space.drop(Invalidation.invlpg(space.vpid(), pcid, o.value() & GuestOp.GVA_MASK));
            }
            case INVPCID -> space.drop(ofInvpcid(InvpcidOperand.unpack((int) o.operand()), o.value()));
            case VMFUNC -> switchEptp(o, p);
            default -> throw new IllegalArgumentException(o.instruction() + " drops no translations");
        }
    }

    private Invalidation ofInvpcid(InvpcidOperand invpcid, long gva) {
        int vpid = space.vpid();
        return switch (invpcid.type()) {
            case 0 -> Invalidation.invpcidAddress(vpid, invpcid.pcid(), gva & GuestOp.GVA_MASK);
            case 1 -> Invalidation.invpcidContext(vpid, invpcid.pcid());
            case 2 -> Invalidation.invpcidAllWithGlobals(vpid);
            default -> Invalidation.invpcidAll(vpid);
        };
    }

    private void switchEptp(Operation o, Processor p) {
        Vmcs vmcs = p.vmcs();
        int index = (int) o.value();
        EptpSwitching.pointer(vmcs, index, p.memory(), VmxCapability.ALL)
                .ifPresent(eptp -> EptpSwitching.record(vmcs, index, eptp));
        if (!vmcs.has(VmxControl.ENABLE_VPID)) {
            mmu.invalidate(Invalidation.eptpSwitchWithoutVpid());
        }
        space.enter();
    }
}
