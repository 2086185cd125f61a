/**
 * The local APIC that a guest sees without leaving non-root mode: a page of registers in memory, the interrupts that
 * wait in it, and which accesses it answers.
 *
 * <p>Start at {@link hvsim.cpu.apic.VirtualApic}. Not modelled: a real local APIC behind it; IPI virtualization.
 *
 * <p>Follows Intel SDM vol. 3 (325384-059US), chapter 29.
 */
package hvsim.cpu.apic;
