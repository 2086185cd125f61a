/**
 * Processor cores: modes, registers, the VMCS, and the transitions between root and non-root mode. Knows no
 * hypervisor: what happens is decided by architectural state, operands and the VMCS alone.
 *
 * <pre>
 *      root mode                                  non-root mode
 *   +----------------------+    VMRESUME       +---------------------------------+
 *   | hypervisor's program | ----------------> | guest's kernel programs (CPL 0) |
 *   | (host CR3, VPID 0)   |                   | the workload           (CPL 3)  |
 *   +----------------------+ <---------------- +---------------------------------+
 *                               VM exit
 * </pre>
 *
 * Start reading at {@link hvsim.cpu.Core}. Programs are words ({@link hvsim.cpu.GuestOp}); a workload is
 * an {@link hvsim.cpu.OpStream}. Follows Intel SDM vol. 3 (325384-059US), chapters 24 to 27. Not modelled
 * here yet: VM-entry checks, interrupt windows, the local APIC, debug and segment state.
 */
package hvsim.cpu;
