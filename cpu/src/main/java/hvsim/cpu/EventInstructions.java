package hvsim.cpu;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.SelectorOperand;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.VmxControl;

/**
 * What instructions do to the taking of events: RFLAGS.IF, blocking, halting, task priority, the x2APIC.
 *
 * <p>Source: Intel SDM vol. 2 for each; vol. 3 (325384-059US), 25.3, 29.3 and 29.5.
 */
final class EventInstructions {
    private static final int FIRST_X2APIC_MSR = 0x800;
    private static final int LAST_X2APIC_MSR = 0x8FF;
    private static final int MSR_TO_OFFSET_SHIFT = 4;
    private static final int STACK_SEGMENT = 2;
    private static final long CR8_BITS = 0xF;

    private final Core core;
    private final Transitions transitions;

    EventInstructions(Core core, Transitions transitions) {
        this.core = core;
        this.transitions = transitions;
    }

    private Registers registers() {
        return core.vcpu().registers();
    }

    void setInterruptFlag() {
        boolean wasClear = (registers().rflags & Registers.RFLAGS_IF) == 0;
        registers().rflags |= Registers.RFLAGS_IF;
        if (wasClear) {
            core.events().blockForOneInstruction(Interruptibility.BY_STI);
        }
    }

    void clearInterruptFlag() {
        registers().rflags &= ~Registers.RFLAGS_IF;
    }

    /** MOV and POP to a segment register: SS is followed by the stack pointer, and nothing comes between. */
    void loadSegment(int operand) {
        if (SelectorOperand.unpack(operand).register() == STACK_SEGMENT) {
            core.events().blockForOneInstruction(Interruptibility.BY_MOV_SS);
        }
    }

    /** IRET with the image of RFLAGS that it finds on the stack; 0 stands for the flags as they are. */
    void returnFromHandler(long image, int cpl) {
        Registers r = registers();
        long kept = cpl == 0 ? 0 : Registers.RFLAGS_IOPL;
        kept |= cpl > r.iopl() ? Registers.RFLAGS_IF : 0;
        if (image != 0) {
            r.rflags = image & ~kept | r.rflags & kept;
        }
        core.events().returnFromHandler();
    }

    private boolean shadowsTaskPriority() {
        return transitions.isNonRoot() && core.vcpu().vmcs().has(VmxControl.USE_TPR_SHADOW);
    }

    void setTaskPriority(long value) {
        if (shadowsTaskPriority()) {
            core.apic().setTaskPriority(value);
        } else {
            registers().cr8 = value & CR8_BITS;
        }
    }

    void observeTaskPriority() {
        long value = shadowsTaskPriority() ? core.apic().taskPriority() : registers().cr8;
        core.vcpu().observe(Instruction.MOV_FROM_CR8, value);
    }

    private boolean isX2Apic(int msr) {
        return transitions.isNonRoot() && msr >= FIRST_X2APIC_MSR && msr <= LAST_X2APIC_MSR;
    }

    private static int offset(int msr) {
        return msr - FIRST_X2APIC_MSR << MSR_TO_OFFSET_SHIFT;
    }

    long readMsr(int msr) {
        boolean virtual = isX2Apic(msr) && core.apic().readsMsr(offset(msr));
        return virtual ? core.apic().readMsr(offset(msr)) : core.vcpu().msrs().read(msr);
    }

    void writeMsr(int msr, long value) {
        if (!isX2Apic(msr) || !core.apic().writeMsr(offset(msr), value)) {
            core.vcpu().msrs().write(msr, value);
        }
    }
}
