/**
 * Where a hypervisor runs: who does what it does not do itself, and who else has the cores.
 *
 * <pre>
 *   BareMetal     on the machine itself; it answers all by itself
 *   ServiceVm     on the machine itself; a privileged VM answers: an event, a turn of its own, a hypercall
 *   HostProcess   a part of the host's kernel; the VM's process answers in user mode
 *   WorldSwitch   beside the host's kernel: whole processor states are swapped on the way there and back
 * </pre>
 *
 * Start reading at {@link hvsim.vmm.host.Host}. Sources: Sugerman, Venkitachalam and Lim, Virtualizing I/O Devices on
 * VMware Workstation's Hosted Virtual Machine Monitor (USENIX ATC 2001), for world switches; KVM and Xen for the others.
 * What devices themselves do is not modelled: an answer takes a number of cycles.
 */
package hvsim.vmm.host;
