/**
 * Direct paging: the guest's tables are those that the hardware walks. They hold machine frames, the guest may not write
 * them, and the hypervisor makes each change that it asks for, if that leads nowhere but to frames of the guest's own.
 *
 * <pre>
 *   of each machine frame   its place in the guest's memory, a type, references of that type, all references
 *
 *   type      NONE  L1_TABLE ... L4_TABLE  DESCRIPTORS  WRITABLE      one at a time, while it has references
 *   entry     of level n: a reference of type L(n-1);  of level 1: of type WRITABLE, or of none if it is read-only
 *   so that   no table is ever mapped writable, and no entry ever leads out of the guest's memory
 * </pre>
 *
 * Start at {@link hvsim.vmm.memory.direct.FrameTypes}. What it follows: Barham et al., Xen and the Art of Virtualization
 * (SOSP 2003), 3.3.3; names and numbers of xen/include/public/xen.h and arch/x86/mm.c of Xen 4. Not modelled: grants,
 * linear page tables, large pages.
 */
package hvsim.vmm.memory.direct;
