/**
 * The guest's operating system, as far as a processor sees it: it edits real tables, and what that takes runs as
 * programs at CPL 0 on the virtual processor that asked.
 *
 * <pre>
 *   workload --- event ---> GuestKernel --- changes the tables at once, and pushes a KernelCode:
 *   hardware --- fault -->                  fetches of a Path, table entries through the direct map,
 *            - interrupt->                  INVLPG or MOV to CR3, IPIs, ... CONTINUE
 *
 *   Processes     address spaces, whose turn it is on which virtual processor, what each TLB has heard of
 *   AddressSpace  tables of one process, and the areas that it mapped
 *   GuestFrames   pages and tables of guest-physical memory, counted by users, given back and used again
 *   MemoryCalls   map, unmap, protect, fork, exec, exit and faults: lock, change, flush, wait, unlock
 *   Shootdown     who has to drop translations, and who has not said yet that they are gone
 *   SpinLocks     who holds what
 *   KernelImage   where text, data, locks and the direct map of memory are
 * </pre>
 *
 * Start reading at {@link hvsim.vmm.kernel.GuestKernel}. A translation goes only by an instruction of such a program:
 * the tables change first, as software does it, and until the program has come to its INVLPG or MOV to CR3 the old
 * translation may be used. What the kernel does follows Linux 6 (assumed, as are the lengths of its paths); what
 * invalidates what: Intel SDM vol. 3 (325384-059US), 4.10.
 *
 * <p>Not modelled: swapping, files, signals, the kernel's own allocators, tables given back before an address space
 * ends, isolation of the kernel's tables (PTI).
 */
package hvsim.vmm.kernel;
