/**
 * Ways to virtualize the processor: where the guest runs, and who answers what it may not do itself.
 *
 * <pre>
 *   NativeCpu                        no hypervisor, nothing exits
 *   deprivileged.TrapAndEmulate      CPL 3 or 1; what may not be done there traps
 *   deprivileged.BinaryTranslation   CPL 1; the kernel runs by translations of its code
 *   deprivileged.Paravirtual         CPL 3; the kernel asks by hypercalls
 *   hardware.HardwareAssisted        non-root mode; what the VMCS says comes back as an exit
 * </pre>
 *
 * Here is what they have in common: {@link hvsim.vmm.cpu.CpuTechnique} is what each is for the machine, a {@link
 * hvsim.vmm.cpu.HypervisorSpec} says its shape, a {@code HypervisorImage} which code and data a hypervisor's work takes,
 * and {@code Turns} whose virtual processor has a core.
 */
package hvsim.vmm.cpu;
