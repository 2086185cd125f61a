package hvsim.cpu;

import hvsim.cpu.event.Event;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.InterruptionType;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import org.jspecify.annotations.Nullable;

/**
 * The interrupt-descriptor table of the guest, where it has one in memory: IDTR's limit is not 0. Delivery then reads
 * the gate, the stack pointer of the task-state segment if the privilege changes, and writes the frame; each can fault
 * or exit like any access. A guest without table gets its events without references.
 *
 * <pre>
 *  word 0 of a gate    47  46 45  43..40
 *                     present DPL  type: 14 interrupt gate, 15 trap gate
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 6.14. Not read: code-segment descriptors, interrupt stacks by number.
 */
final class DescriptorTable {
    private static final int GATE_BYTES = 16;
    private static final int FRAME_BYTES = 40;
    private static final int WORD_BYTES = 8;
    private static final int STACK_ALIGNMENT = 16;
    private static final int STACK_OF_PRIVILEGE_0 = 4;
    private static final long PRESENT = 1L << 47;
    private static final int DPL_SHIFT = 45;
    private static final int TYPE_SHIFT = 40;
    private static final int INTERRUPT_GATE = 14;
    private static final int TRAP_GATE = 15;

    // Error code of a fault that a gate causes: 31..3 vector, 1 in the IDT, 0 not by software.
    private static final int IN_IDT = 2;
    private static final int EXTERNAL = 1;

    private final Core core;
    private final ReferenceUnit references;
    private final Mmu mmu;
    private @Nullable Event fault;

    DescriptorTable(Core core, ReferenceUnit references, Mmu mmu) {
        this.core = core;
        this.references = references;
        this.mmu = mmu;
    }

    @Nullable
    Event fault() {
        return fault;
    }

    /** Goes through the gate of an event. Returns false if that met an exception, or a VM exit. */
    boolean deliver(Event event) {
        fault = null;
        Vcpu vcpu = core.vcpu();
        Vmcs vmcs = vcpu.vmcs();
        long limit = core.mode().isNonRoot() ? vmcs.read(VmcsField.GUEST_IDTR_LIMIT) : 0;
        if (limit == 0) {
            enterHandler(event, true);
            return true;
        }
        mmu.enterPrivilege(vcpu.registers(), 0);
        long offset = (long) event.vector() * GATE_BYTES;
        if (offset + GATE_BYTES - 1 > limit) {
            return fault(ExceptionVector.GENERAL_PROTECTION, event);
        }
        long gva = vmcs.read(VmcsField.GUEST_IDTR_BASE) + offset & GuestOp.GVA_MASK;
        if (!access(GuestOp.READ, gva, GATE_BYTES)) {
            return false;
        }
        return through(mmu.readWord(gva), event);
    }

    private boolean through(long gate, Event event) {
        int type = (int) (gate >>> TYPE_SHIFT) & 0xF;
        boolean software = event.type() == InterruptionType.SOFTWARE_INTERRUPT
                || event.type() == InterruptionType.SOFTWARE_EXCEPTION;
        if (type != INTERRUPT_GATE && type != TRAP_GATE
                || software && (gate >>> DPL_SHIFT & 3) < core.vcpu().cpl()) {
            return fault(ExceptionVector.GENERAL_PROTECTION, event);
        }
        if ((gate & PRESENT) == 0) {
            return fault(ExceptionVector.SEGMENT_NOT_PRESENT, event);
        }
        if (!push(event)) {
            return false;
        }
        enterHandler(event, type == INTERRUPT_GATE);
        return true;
    }

    private boolean push(Event event) {
        Vcpu vcpu = core.vcpu();
        long top = vcpu.registers().rsp;
        if (vcpu.cpl() != 0) {
            long gva = vcpu.vmcs().read(VmcsField.GUEST_TR_BASE) + STACK_OF_PRIVILEGE_0 & GuestOp.GVA_MASK;
            if (!access(GuestOp.READ, gva, WORD_BYTES)) {
                return false;
            }
            top = mmu.readWord(gva);
        }
        int bytes = FRAME_BYTES + (event.hasErrorCode() ? WORD_BYTES : 0);
        return access(GuestOp.WRITE, (top & -STACK_ALIGNMENT) - bytes & GuestOp.GVA_MASK, bytes);
    }

    private boolean access(int kind, long gva, int sizeBytes) {
        if (references.implicitAccess(kind, gva, sizeBytes)) {
            return true;
        }
        fault = core.memoryStops().stopped(references.stoppedGva());
        return false;
    }

    private boolean fault(ExceptionVector exception, Event event) {
        boolean external = event.type() != InterruptionType.SOFTWARE_INTERRUPT
                && event.type() != InterruptionType.SOFTWARE_EXCEPTION;
        fault = Event.exception(exception, event.vector() << 3 | IN_IDT | (external ? EXTERNAL : 0));
        return false;
    }

    /** An interrupt gate masks interrupts; both kinds end single-stepping and what held events back. */
    void enterHandler(Event event, boolean masksInterrupts) {
        Registers r = core.vcpu().registers();
        core.vcpu().returns().interrupt(r.rflags);
        r.rflags &= ~(Registers.RFLAGS_TF
                | Registers.RFLAGS_RF
                | Registers.RFLAGS_NT
                | (masksInterrupts ? Registers.RFLAGS_IF : 0));
        r.interruptibility &= ~(Interruptibility.BY_STI | Interruptibility.BY_MOV_SS);
        if (event.type() == InterruptionType.NMI) {
            r.interruptibility |= Interruptibility.BY_NMI;
        }
    }
}
