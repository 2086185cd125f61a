package hvsim.cpu;

import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.Walk;

/**
 * EPT violations that a guest handles by itself: they become #VE, with their information in a page that the guest shares.
 *
 * <pre>
 *  0 reason | 4 all ones while in use | 8 qualification | 16 linear address | 24 guest-physical address | 32 EPTP index
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 25.5.6.
 */
final class VirtualizationException {
    private static final int QUALIFICATION = 8;
    private static final int LINEAR_ADDRESS = 16;
    private static final int PHYSICAL_ADDRESS = 24;
    private static final int EPTP_INDEX = 32;
    private static final long IN_USE = 0xFFFF_FFFFL << Integer.SIZE;
    private static final long INDEX_BITS = 0xFFFF;

    private VirtualizationException() {}

    /** Whether the violation becomes #VE; none does during the delivery of an event. */
    static boolean converts(Walk walk, boolean delivering, Registers registers, Vmcs vmcs, PhysicalMemory memory) {
        return vmcs.has(VmxControl.EPT_VIOLATION_VE)
                && walk.isConvertible()
                && registers.isProtectedMode()
                && !delivering
                && (memory.read(page(vmcs)) & IN_USE) == 0;
    }

    static void report(Walk walk, long gva, Vmcs vmcs, PhysicalMemory memory) {
        long page = page(vmcs);
        memory.write(page, IN_USE | ExitReason.EPT_VIOLATION.number());
        memory.write(page + QUALIFICATION, walk.qualification());
        memory.write(page + LINEAR_ADDRESS, gva);
        memory.write(page + PHYSICAL_ADDRESS, walk.gpa());
        long others = memory.read(page + EPTP_INDEX) & ~INDEX_BITS;
        memory.write(page + EPTP_INDEX, others | vmcs.read(VmcsField.EPTP_INDEX));
    }

    private static long page(Vmcs vmcs) {
        return vmcs.read(VmcsField.VIRTUALIZATION_EXCEPTION_INFORMATION_ADDRESS);
    }
}
