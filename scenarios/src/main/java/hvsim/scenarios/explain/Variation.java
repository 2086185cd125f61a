package hvsim.scenarios.explain;

import hvsim.cpu.instruction.Operation;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxCapability;
import hvsim.cpu.vmx.VmxControl;
import java.util.ArrayList;
import java.util.List;

/**
 * One thing that may be otherwise, to see whether an instruction minds.
 *
 * @param label as the table shows it
 * @param inNonRoot whether it can matter in non-root mode only
 */
record Variation(String label, boolean inNonRoot, Effect effect) {
    /** Makes a case different, for the operation that is asked about. */
    interface Effect {
        void on(ProcessorCase processor, Operation operation);
    }

    static List<Variation> all() {
        List<Variation> all = new ArrayList<>(registers());
        for (VmxControl control : VmxControl.values()) {
            if (VmxCapability.ALL.isImplemented(control)) {
                all.add(of(control));
            }
        }
        all.addAll(structures());
        return all;
    }

    /** The control other than it is at first. */
    static Variation of(VmxControl control) {
        boolean isOn = isOnAtFirst(control);
        return new Variation(
                Words.small(control) + (isOn ? " off" : ""), true, (p, o) -> VmcsSettings.set(control, !isOn, p.vmcs));
    }

    /** Instructions that need a control are enabled, bitmaps are used and empty; nothing else is on. */
    static boolean isOnAtFirst(VmxControl control) {
        return switch (control) {
            case ENABLE_RDTSCP,
                    ENABLE_INVPCID,
                    ENABLE_XSAVES_XRSTORS,
                    ENABLE_USER_WAIT_AND_PAUSE,
                    ENABLE_VM_FUNCTIONS,
                    ENABLE_PCONFIG,
                    ENABLE_MSR_LIST_INSTRUCTIONS,
                    EPTP_SWITCHING,
                    USE_IO_BITMAPS,
                    USE_MSR_BITMAPS -> VmxCapability.ALL.isImplemented(control);
            default -> false;
        };
    }

    private static List<Variation> registers() {
        List<Variation> all = new ArrayList<>();
        all.add(register("CR0.PE off", r -> r.cr0 &= ~(Registers.CR0_PE | Registers.CR0_PG)));
        all.add(register("CS.L off", r -> r.codeIs64Bit = false));
        all.add(register("EFER.SCE off", r -> r.efer &= ~Registers.EFER_SCE));
        all.add(register("IOPL 3", r -> r.rflags |= Registers.RFLAGS_IOPL));
        all.add(register("CR4.TSD", r -> r.cr4 |= Registers.CR4_TSD));
        all.add(register("CR4.DE", r -> r.cr4 |= Registers.CR4_DE));
        all.add(register("CR4.PCE", r -> r.cr4 |= Registers.CR4_PCE));
        all.add(register("CR4.UMIP", r -> r.cr4 |= Registers.CR4_UMIP));
        all.add(register("CR4.SMXE", r -> r.cr4 |= Registers.CR4_SMXE));
        all.add(register("CR4.OSXSAVE", r -> r.cr4 |= Registers.CR4_OSXSAVE));
        all.add(register("CR4.PKE", r -> r.cr4 |= Registers.CR4_PKE));
        all.add(register("DR7.GD", r -> r.dr7 |= 1 << 13));
        all.add(register("CR0.TS", r -> r.cr0 |= Registers.CR0_TS));
        return all;
    }

    private static Variation register(String label, java.util.function.Consumer<Registers> effect) {
        return new Variation(label, false, (p, o) -> effect.accept(p.registers));
    }

    private static List<Variation> structures() {
        return List.of(
                new Variation(
                        "its bit of the I/O bitmap",
                        true,
                        (p, o) -> VmcsSettings.setPort((int) o.operand() & 0xFFFF, p.memory)),
                new Variation(
                        "its bit of the MSR bitmap", true, (p, o) -> VmcsSettings.setMsr((int) o.operand(), p.memory)),
                field("exception_bitmap all ones", VmcsField.EXCEPTION_BITMAP),
                field("cr0_guest_host_mask all ones", VmcsField.CR0_GUEST_HOST_MASK),
                field("cr4_guest_host_mask all ones", VmcsField.CR4_GUEST_HOST_MASK),
                field("xss_exiting_bitmap all ones", VmcsField.XSS_EXITING_BITMAP));
    }

    private static Variation field(String label, VmcsField field) {
        return new Variation(label, true, (p, o) -> p.vmcs.write(field, -1L));
    }
}
