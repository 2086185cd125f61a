/**
 * Shadow paging: tables of the hypervisor's that say at once what the guest's tables and the map of its memory say
 * together.
 *
 * <pre>
 *   ShadowMemory     what a fault is; which root table is in force; what has to be done when
 *     GuestWalk      the guest's tables, walked in software
 *     Shadowing      from the guest's entries to shadow entries, and keeping them in step
 *       ShadowTables which tables there are, and what leads to what;  ReverseMap: which leaves map a frame
 *
 *   shadow leaf = frame of the map | rights of all the guest's entries | writable only if the guest's leaf is dirty
 *                                                                        and no table kept in step is in the frame
 * </pre>
 *
 * Start reading at {@link hvsim.vmm.memory.shadow.ShadowMemory}. Not modelled: guests without paging, or with 32-bit or
 * PAE paging. What must be dropped when: Intel SDM vol. 3 (325384-059US), 4.10.4 and 28.3.3.3.
 */
package hvsim.vmm.memory.shadow;
