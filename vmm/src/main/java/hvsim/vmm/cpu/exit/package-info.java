/**
 * What handlers of VM exits do, in the machine's hypervisor and in one that is a guest itself: what the VMCS is set up to
 * say, and what is done about an exit that it leads to.
 *
 * <pre>
 *   GuestSetup     which instructions, ports, and MSRs exit; Intercepts audits it
 *   PagingExits    page faults, control registers, second stages: NestedExits with EPT, ShadowExits with shadow tables
 *   Reinjection    events that an exit has interrupted, or was
 * </pre>
 *
 * Start reading at {@link hvsim.vmm.cpu.exit.PagingExits}. Every port and nearly every MSR exits; CR0 and CR4 of guests
 * in non-root mode change only with shadow paging.
 */
package hvsim.vmm.cpu.exit;
