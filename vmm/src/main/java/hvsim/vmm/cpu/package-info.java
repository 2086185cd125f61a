/**
 * Ways to virtualize the processor: where the guest runs, and who answers what it may not do itself.
 *
 * <pre>
 *   NativeCpu           no hypervisor, nothing exits
 *   HardwareAssisted    non-root mode; ExitDispatcher says what is done about an exit,
 *                       HypervisorImage which code and data that takes, GuestSetup what the VMCS says
 * </pre>
 *
 * Start reading at {@link hvsim.vmm.cpu.HardwareAssisted}. Every port and nearly every MSR exits; CR0 and CR4 of
 * guests never change.
 */
package hvsim.vmm.cpu;
