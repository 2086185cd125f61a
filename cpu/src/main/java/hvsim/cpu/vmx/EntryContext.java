package hvsim.cpu.vmx;

import hvsim.ept.PhysicalMemory;

/**
 * What the checks of a VM entry look at besides the VMCS.
 *
 * @param memory for the MSR lists, PAE page-directory pointers, the VTPR and the region behind the link pointer
 * @param vmcsPointer address of the current VMCS, or {@link #NO_POINTER}
 * @param ia32eMode whether the hypervisor runs in IA-32e mode
 */
public record EntryContext(VmxCapability capability, PhysicalMemory memory, long vmcsPointer, boolean ia32eMode) {
    /** Where a pointer points to nothing: all bits 1. */
    public static final long NO_POINTER = -1L;
}
