package hvsim.scenarios.explain;

import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.PhysicalMemory;
import java.util.Optional;
import java.util.stream.Stream;

/** Controls and fields of a VMCS by the names of questions, and single bits of its bitmaps. */
final class VmcsSettings {
    private static final long IO_BITMAP_A = 0x1000;
    private static final long IO_BITMAP_B = 0x2000;
    private static final long MSR_BITMAP = 0x3000;
    private static final int PORTS_OF_A_BITMAP = 0x8000;
    private static final int HIGH_MSRS = 0x400;
    private static final int WRITES = 0x800;
    private static final int MSR_IN_BITMAP = 0x1FFF;

    private VmcsSettings() {}

    /** Bitmaps without a bit set, and no control but those that must be 1. */
    static void prepare(Vmcs vmcs) {
        vmcs.write(VmcsField.IO_BITMAP_A, IO_BITMAP_A);
        vmcs.write(VmcsField.IO_BITMAP_B, IO_BITMAP_B);
        vmcs.write(VmcsField.MSR_BITMAP, MSR_BITMAP);
        vmcs.write(VmcsField.VMREAD_BITMAP, 0x4000);
        vmcs.write(VmcsField.VMWRITE_BITMAP, 0x5000);
        vmcs.write(VmcsField.EPTP_LIST_ADDRESS, 0x6000);
        vmcs.write(VmcsField.VIRTUAL_APIC_ADDRESS, 0x7000);
    }

    static void apply(Setting setting, Vmcs vmcs, PhysicalMemory memory) {
        switch (setting.name()) {
            case "io_bitmap" -> setPort((int) setting.number(), memory);
            case "msr_read_bitmap" -> setMsr((int) setting.number(), 0, memory);
            case "msr_write_bitmap" -> setMsr((int) setting.number(), WRITES, memory);
            default -> {
                Optional<VmxControl> control = ControlSheet.find(setting.name());
                if (control.isPresent()) {
                    set(control.get(), setting.isOn(), vmcs);
                } else {
                    vmcs.write(field(setting.name()), setting.number());
                }
            }
        }
    }

    /** A control of a word that has to be activated is of no use without that. */
    static void set(VmxControl control, boolean on, Vmcs vmcs) {
        vmcs.set(control, on);
        if (on && control.word() == VmcsField.SECONDARY_CONTROLS) {
            vmcs.set(VmxControl.ACTIVATE_SECONDARY_CONTROLS, true);
        }
        if (on && control.word() == VmcsField.TERTIARY_CONTROLS) {
            vmcs.set(VmxControl.ACTIVATE_TERTIARY_CONTROLS, true);
        }
    }

    private static VmcsField field(String name) {
        String normal = Words.normal(name);
        return Stream.of(VmcsField.values())
                .filter(field -> field.name().equals(normal))
                .findFirst()
                .orElseThrow(() -> new QuestionException(
                        "there is no control and no field of the VMCS '" + name + "'",
                        "a control as in hvsim list controls; a field such as cr0_guest_host_mask=0x8; io_bitmap=PORT,"
                                + " msr_read_bitmap=MSR, msr_write_bitmap=MSR set one bit"));
    }

    static void setPort(int port, PhysicalMemory memory) {
        setBit(port < PORTS_OF_A_BITMAP ? IO_BITMAP_A : IO_BITMAP_B, port & PORTS_OF_A_BITMAP - 1, memory);
    }

    private static void setMsr(int msr, int access, PhysicalMemory memory) {
        setBit(MSR_BITMAP + access + (msr < 0 ? HIGH_MSRS : 0), msr & MSR_IN_BITMAP, memory);
    }

    static void setMsr(int msr, PhysicalMemory memory) {
        setMsr(msr, 0, memory);
        setMsr(msr, WRITES, memory);
    }

    private static void setBit(long bitmap, int bit, PhysicalMemory memory) {
        long hpa = bitmap + (bit >>> 6 << 3);
        memory.write(hpa, memory.read(hpa) | 1L << bit);
    }
}
