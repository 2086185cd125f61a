/**
 * Ways to virtualize the processor: where the guest runs, and who answers what it may not do itself.
 *
 * <pre>
 *   NativeCpu           no hypervisor, nothing exits
 *   TrapAndEmulate      CPL 3; TrapDispatcher says what is done about a trap, PagingTraps what about the
 *                       guest's memory: ShadowTraps, with shadow tables, or SoftwareFill, without any
 *   HardwareAssisted    non-root mode; ExitDispatcher says what is done about an exit,
 *                       HypervisorImage which code and data that takes, GuestSetup what the VMCS says
 *   NestedGuests        guests that are hypervisors: NestedVmx gives them VMX operation, GuestHypervisor is what
 *                       they do with it
 * </pre>
 *
 * Start reading at {@link hvsim.vmm.cpu.HardwareAssisted}. Every port and nearly every MSR exits; CR0 and CR4 of
 * guests in non-root mode change only with shadow paging.
 */
package hvsim.vmm.cpu;
