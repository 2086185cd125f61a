package hvsim.cpu;

import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.Processor;
import hvsim.cpu.instruction.SelectorOperand;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.state.Registers;

/**
 * What instructions do with descriptor tables and selectors. Segments have no bases or limits of their own here: loads
 * of segment registers and far transfers leave nothing but what they block.
 *
 * <p>Source: Intel SDM vol. 2 (325383-059US) of each instruction; vol. 3, 6.8.3.
 */
final class DescriptorEffects {
    private static final int PRESENT = 1 << 15;
    private static final int DPL_SHIFT = 13;
    private static final int STACK_SEGMENT = 2;
    private static final int KERNEL_DATA = 0x18;

    private DescriptorEffects() {}

    static void perform(Operation o, Processor p, Vcpu vcpu) {
        Registers r = p.registers();
        int bits = (int) o.operand();
        switch (o.instruction()) {
            case SGDT -> vcpu.observe(o.instruction(), r.gdtrBase);
            case SIDT -> vcpu.observe(o.instruction(), r.idtrBase);
            case SLDT -> vcpu.observe(o.instruction(), r.ldtrSelector);
            case STR -> vcpu.observe(o.instruction(), r.trSelector);
            case LGDT -> r.gdtrBase = o.value();
            case LIDT -> r.idtrBase = o.value();
            case LLDT -> r.ldtrSelector = SelectorOperand.unpack(bits).selector();
            case LTR -> r.trSelector = SelectorOperand.unpack(bits).selector();
            case VERR, VERW, LAR, LSL -> test(o, p, vcpu);
            case PUSH_SREG, MOV_FROM_SREG -> vcpu.observe(o.instruction(), KERNEL_DATA | p.cpl());
            case POP_SREG, MOV_TO_SREG -> {
                boolean stack = SelectorOperand.unpack(bits).register() == STACK_SEGMENT;
                r.interruptibility |= stack ? Interruptibility.BY_MOV_SS : 0;
            }
            default -> throw new IllegalArgumentException(o.instruction() + " concerns no descriptors");
        }
    }

    /** ZF says whether the segment is accessible; LAR reads its rights too. */
    private static void test(Operation o, Processor p, Vcpu vcpu) {
        Registers r = p.registers();
        SelectorOperand s = SelectorOperand.unpack((int) o.operand());
        boolean accessible = s.isAccessibleAt(p.cpl());
        r.rflags = accessible ? r.rflags | Registers.RFLAGS_ZF : r.rflags & ~Registers.RFLAGS_ZF;
        vcpu.observe(o.instruction(), accessible ? PRESENT | s.dpl() << DPL_SHIFT : 0);
    }
}
