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
 * Without VMX operation a hypervisor may run guests at CPL 1 or 3 of its own processor: {@link hvsim.cpu.Deprivileging}.
 *
 * <p>Start reading at {@link hvsim.cpu.Core}. Programs are words ({@link hvsim.cpu.GuestOp}); a workload is
 * an {@link hvsim.cpu.OpStream}. What a core cannot settle by itself it asks for ({@link hvsim.cpu.Request}). Follows
 * Intel SDM vol. 3 (325384-059US), chapters 4, 6, 10 and 23 to 30. Not modelled: system-management mode, segment bases
 * and limits, several threads of a core.
 */
package hvsim.cpu;
