package hvsim.cpu.instruction;

import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import org.jspecify.annotations.Nullable;

/** Exits of accesses to control registers (SDM vol. 3, 325384-059US, 25.1.3 and 29.1.2). */
final class ControlRegisterRules {
    private static final long STATUS_WORD = Registers.CR0_MP | Registers.CR0_EM | Registers.CR0_TS;
    private static final int PRIORITY_CLASS = 0xF;

    private ControlRegisterRules() {}

    static @Nullable Rule exit(Operation o, Processor p) {
        Vmcs vmcs = p.vmcs();
        long mask0 = vmcs.read(VmcsField.CR0_GUEST_HOST_MASK);
        long shadow0 = vmcs.read(VmcsField.CR0_READ_SHADOW);
        return switch (o.instruction()) {
            case MOV_TO_CR0 -> byMask((o.value() ^ shadow0) & mask0);
            case MOV_TO_CR4 ->
                byMask((o.value() ^ vmcs.read(VmcsField.CR4_READ_SHADOW)) & vmcs.read(VmcsField.CR4_GUEST_HOST_MASK));
            case MOV_TO_CR3 -> byControl(p.has(VmxControl.CR3_LOAD_EXITING) && !isCr3Target(o.value(), vmcs));
            case MOV_TO_CR8 -> byControl(p.has(VmxControl.CR8_LOAD_EXITING));
            case CLTS -> byMask(mask0 & shadow0 & Registers.CR0_TS);
            case LMSW -> byMask(changedByLmsw(LmswOperand.unpack(o.bits()).source(), shadow0) & mask0);
            default -> null;
        };
    }

    /** LMSW sets PE and never clears it. */
    private static long changedByLmsw(long source, long shadow) {
        return source & ~shadow & Registers.CR0_PE | (source ^ shadow) & STATUS_WORD;
    }

    private static @Nullable Rule byMask(long changed) {
        return changed == 0 ? null : Rule.EXITS_BY_MASK;
    }

    private static @Nullable Rule byControl(boolean exits) {
        return exits ? Rule.EXITS_BY_CONTROL : null;
    }

    private static boolean isCr3Target(long value, Vmcs vmcs) {
        long count = vmcs.read(VmcsField.CR3_TARGET_COUNT);
        return count > 0 && value == vmcs.read(VmcsField.CR3_TARGET_VALUE0)
                || count > 1 && value == vmcs.read(VmcsField.CR3_TARGET_VALUE1)
                || count > 2 && value == vmcs.read(VmcsField.CR3_TARGET_VALUE2)
                || count > 3 && value == vmcs.read(VmcsField.CR3_TARGET_VALUE3);
    }

    /** MOV to CR8 that brings the virtual TPR below its threshold: it executes, and exits after that. */
    static @Nullable Decision exitAfter(Operation o, Processor p) {
        boolean watched = o.instruction() == Instruction.MOV_TO_CR8
                && p.has(VmxControl.USE_TPR_SHADOW)
                && !p.has(VmxControl.VIRTUAL_INTERRUPT_DELIVERY);
        long threshold = p.vmcs().read(VmcsField.TPR_THRESHOLD) & PRIORITY_CLASS;
        return watched && o.value() < threshold
                ? Decision.exit(
                        Rule.EXITS_BELOW_TPR_THRESHOLD,
                        ExitReason.TPR_BELOW_THRESHOLD,
                        0,
                        o.encoding().lengthBytes(),
                        0,
                        0)
                : null;
    }
}
