/**
 * Local APICs: a processor's own, or one that a hypervisor keeps for a guest, as a state machine; the one that a guest
 * sees in a page of registers without leaving non-root mode; and the interrupts that are posted and sent between them.
 *
 * <p>Start at {@link hvsim.cpu.apic.LocalApic}, then {@link hvsim.cpu.apic.VirtualApic}. Not modelled: the I/O APIC and
 * level-triggered interrupts, local vectors other than the timer's, the logical modes before x2APIC.
 *
 * <p>Follows Intel SDM vol. 3 (325384-059US), chapters 10 and 29.
 */
package hvsim.cpu.apic;
