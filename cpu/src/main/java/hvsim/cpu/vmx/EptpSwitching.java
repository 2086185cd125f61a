package hvsim.cpu.vmx;

import hvsim.ept.EptPointer;
import hvsim.ept.PhysicalMemory;
import java.util.OptionalLong;

/**
 * VM function 0: a guest takes another EPT pointer from a list that its hypervisor made.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 25.5.5.3.
 */
public final class EptpSwitching {
    private static final int LIST_ENTRIES = 512;

    private EptpSwitching() {}

    /**
     * The EPT pointer that VMFUNC with EAX 0 switches to; none if it exits.
     *
     * @param index ECX, unsigned
     */
    public static OptionalLong pointer(Vmcs vmcs, int index, PhysicalMemory memory, VmxCapability capability) {
        if (!vmcs.has(VmxControl.EPTP_SWITCHING) || Integer.compareUnsigned(index, LIST_ENTRIES) >= 0) {
            return OptionalLong.empty();
        }
        long eptp = memory.read(vmcs.read(VmcsField.EPTP_LIST_ADDRESS) + 8L * index);
        return EptPointer.isValid(eptp, capability.paging()) ? OptionalLong.of(eptp) : OptionalLong.empty();
    }

    /** What the switch leaves in the VMCS. */
    public static void record(Vmcs vmcs, int index, long eptp) {
        vmcs.write(VmcsField.EPT_POINTER, eptp);
        vmcs.write(VmcsField.EPTP_INDEX, index);
    }
}
