package hvsim.cpu;

import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.instruction.ControlRegisterValues;
import hvsim.cpu.instruction.LmswOperand;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.Processor;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.tlb.Invalidation;

/**
 * What accesses to control registers do, where they neither fault nor exit: bits that the host owns stay, and
 * translations go as the change requires.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 4.10.4.1, 25.3 and 29.3.
 */
final class ControlRegisterEffects {
    private static final long STATUS_WORD = Registers.CR0_PE | Registers.CR0_MP | Registers.CR0_EM | Registers.CR0_TS;
    private static final int LOW_WORD = 0xFFFF;

    private static final int TPR_CLASS_SHIFT = 4;

    private final Core core;
    private final GuestSpace space;

    ControlRegisterEffects(Core core, GuestSpace space) {
        this.core = core;
        this.space = space;
    }

    void perform(Operation o, Processor p) {
        Vcpu vcpu = core.vcpu();
        Registers r = p.registers();
        switch (o.instruction()) {
            case MOV_FROM_CR0 -> vcpu.observe(o.instruction(), ControlRegisterValues.visibleCr0(p));
            case MOV_FROM_CR2 -> vcpu.observe(o.instruction(), r.cr2);
            case MOV_FROM_CR3 -> vcpu.observe(o.instruction(), r.cr3);
            case MOV_FROM_CR4 -> vcpu.observe(o.instruction(), ControlRegisterValues.visibleCr4(p));
            case MOV_FROM_CR8 -> vcpu.observe(o.instruction(), taskPriority(p));
            case SMSW -> vcpu.observe(o.instruction(), ControlRegisterValues.visibleCr0(p) & LOW_WORD);
            case MOV_TO_CR0 -> loadCr0(ControlRegisterValues.cr0After(o.value(), p), r);
            case MOV_TO_CR2 -> r.cr2 = o.value();
            case MOV_TO_CR3 -> loadCr3(o.value());
            case MOV_TO_CR4 -> loadCr4(ControlRegisterValues.cr4After(o.value(), p), r);
            case MOV_TO_CR8 -> setTaskPriority(o.value(), p);
            case CLTS -> r.cr0 &= ~(Registers.CR0_TS & ~hostOwned(p));
            case LMSW -> loadStatusWord(LmswOperand.unpack((int) o.operand()).source(), p);
            default -> throw new IllegalArgumentException(o.instruction() + " accesses no control register");
        }
    }

    private static long hostOwned(Processor p) {
        return p.mode() == Processor.Mode.NON_ROOT ? p.vmcs().read(VmcsField.CR0_GUEST_HOST_MASK) : 0;
    }

    /** PE can be set, not cleared. */
    private static void loadStatusWord(int source, Processor p) {
        Registers r = p.registers();
        long changes = STATUS_WORD & ~hostOwned(p);
        r.cr0 = r.cr0 & ~changes | (source | r.cr0 & Registers.CR0_PE) & changes;
    }

    private void loadCr0(long value, Registers r) {
        long changed = value ^ r.cr0;
        r.cr0 = value;
        if ((changed & Registers.CR0_PG) != 0) {
            changePaging(r);
        }
        space.enter();
    }

    private void changePaging(Registers r) {
        boolean paging = (r.cr0 & Registers.CR0_PG) != 0;
        boolean longMode = paging && (r.efer & Registers.EFER_LME) != 0;
        r.efer = longMode ? r.efer | Registers.EFER_LMA : r.efer & ~Registers.EFER_LMA;
        if (!paging) {
            space.drop(Invalidation.controlRegister(space.vpid()));
        }
    }

    private void loadCr4(long value, Registers r) {
        long changed = value ^ r.cr4;
        boolean everything = (changed & Registers.CR4_PGE) != 0 || (changed & ~value & Registers.CR4_PCIDE) != 0;
        boolean current = (changed & Registers.CR4_PAE) != 0 || (changed & value & Registers.CR4_SMEP) != 0;
        if (everything) {
            space.drop(Invalidation.controlRegister(space.vpid()));
        } else if (current) {
            space.drop(Invalidation.controlRegister(space.vpid(), r.pcid()));
        }
        r.cr4 = value;
        space.enter();
    }

    private void loadCr3(long value) {
        Registers r = core.vcpu().registers();
        boolean keep = (value & Registers.CR3_KEEP) != 0;
        r.cr3 = value & ~Registers.CR3_KEEP;
        if (!keep || (r.cr4 & Registers.CR4_PCIDE) == 0) {
            space.drop(Invalidation.movCr3(space.vpid(), r.pcid()));
        }
        space.enter();
    }

    private static boolean hasVirtualTpr(Processor p) {
        return p.mode() == Processor.Mode.NON_ROOT && p.vmcs().has(VmxControl.USE_TPR_SHADOW);
    }

    private long taskPriority(Processor p) {
        return hasVirtualTpr(p) ? core.apic().taskPriority() : p.registers().cr8;
    }

    private void setTaskPriority(long value, Processor p) {
        p.registers().cr8 = value; // the guest's own view, also for whoever emulates its next access
        if (hasVirtualTpr(p)) {
            core.apic().setTaskPriority(value);
        } else if (core.mode().reachesLocalApic()) {
            core.events().writeLocalApic(ApicMsr.TASK_PRIORITY, value << TPR_CLASS_SHIFT, 0);
        }
    }
}
