/**
 * Guests that are hypervisors. {@code NestedVmx} gives each of their virtual processors VMX operation, {@code
 * GuestHypervisor} is what they do with it.
 *
 * <p>Start reading at {@code NestedVmx}. One level of nesting; the guest hypervisor is hardware-assisted, with EPT.
 */
package hvsim.vmm.cpu.nested;
