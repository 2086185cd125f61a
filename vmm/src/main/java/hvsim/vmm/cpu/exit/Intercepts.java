package hvsim.vmm.cpu.exit;

import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;

/**
 * Which ports and MSRs a guest in non-root mode reaches without an exit: what the bitmaps in machine memory say at last,
 * whoever wrote them.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 24.6.4 and 24.6.9.
 */
public final class Intercepts {
    private static final int PORTS_OF_A_PAGE = 1 << 15;
    private static final int MSRS_OF_A_PART = 1 << 13;
    private static final int PART_BYTES = MSRS_OF_A_PART / Byte.SIZE;
    private static final int HIGH_MSRS = 0xC000_0000;

    private Intercepts() {}

    /** What it reaches that is not its own; an empty text if nothing. */
    public static String audit(PhysicalMemory memory, Vmcs vmcs) {
        String port = port(memory, vmcs);
        return port.isEmpty() ? msr(memory, vmcs) : port;
    }

    private static String port(PhysicalMemory memory, Vmcs vmcs) {
        if (!vmcs.has(VmxControl.USE_IO_BITMAPS)) {
            return vmcs.has(VmxControl.UNCONDITIONAL_IO_EXITING) ? "" : "all ports are reached";
        }
        for (int port = 0; port < 2 * PORTS_OF_A_PAGE; port++) {
            VmcsField page = port < PORTS_OF_A_PAGE ? VmcsField.IO_BITMAP_A : VmcsField.IO_BITMAP_B;
            if (!isSet(memory, vmcs.read(page), port & PORTS_OF_A_PAGE - 1)) {
                return "port 0x" + Integer.toHexString(port) + " is reached";
            }
        }
        return "";
    }

    /** Four parts: reads of low and high MSRs, then writes of them. */
    private static String msr(PhysicalMemory memory, Vmcs vmcs) {
        long bits = PageSize.SIZE_4K.bytes() * Byte.SIZE;
        for (int bit = 0; vmcs.has(VmxControl.USE_MSR_BITMAPS) && bit < bits; bit++) {
            int part = bit / MSRS_OF_A_PART;
            int msr = bit % MSRS_OF_A_PART | (part % 2 == 0 ? 0 : HIGH_MSRS);
            long hpa = vmcs.read(VmcsField.MSR_BITMAP) + (long) part * PART_BYTES;
            if (!isSet(memory, hpa, msr & MSRS_OF_A_PART - 1) && !isItsOwn(msr, vmcs)) {
                return "MSR 0x" + Integer.toHexString(msr) + " is reached";
            }
        }
        return "";
    }

    /** Those that are switched with it, and those that its virtual APIC answers. */
    private static boolean isItsOwn(int msr, Vmcs vmcs) {
        boolean isApic = msr >= ApicMsr.FIRST && msr <= ApicMsr.LAST;
        return GuestSetup.isPassedThrough(msr) || isApic && vmcs.has(VmxControl.VIRTUALIZE_X2APIC_MODE);
    }

    private static boolean isSet(PhysicalMemory memory, long bitmap, int bit) {
        return (memory.read(bitmap + (bit >>> 6 << 3)) >>> bit & 1) != 0;
    }
}
