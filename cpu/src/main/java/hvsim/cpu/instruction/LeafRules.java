package hvsim.cpu.instruction;

import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import org.jspecify.annotations.Nullable;

/** Exits by a 64-bit bitmap of leaves or of processor states (SDM vol. 3, 325384-059US, 25.1.3). */
final class LeafRules {
    private static final int LAST_BIT = 63;

    private LeafRules() {}

    static @Nullable Rule exitOfLeaf(Operation o, Processor p) {
        Vmcs vmcs = p.vmcs();
        long bitmap = switch (o.instruction()) {
            case ENCLS -> p.has(VmxControl.ENABLE_ENCLS_EXITING) ? vmcs.read(VmcsField.ENCLS_EXITING_BITMAP) : 0;
            case ENCLV -> p.has(VmxControl.ENABLE_ENCLV_EXITING) ? vmcs.read(VmcsField.ENCLV_EXITING_BITMAP) : 0;
            default -> vmcs.read(VmcsField.PCONFIG_EXITING_BITMAP);
        };
        long bit = Math.min(o.operand() & 0xFFFF_FFFFL, LAST_BIT);
        return (bitmap >>> bit & 1) != 0 ? Rule.EXITS_BY_LEAF : null;
    }

    /** The value is EDX:EAX, the states to save or restore. */
    static @Nullable Rule exitOfStates(Operation o, Processor p) {
        long states = o.value() & p.msrs().read(MsrAccessRules.IA32_XSS);
        return (states & p.vmcs().read(VmcsField.XSS_EXITING_BITMAP)) != 0 ? Rule.EXITS_BY_STATES : null;
    }
}
