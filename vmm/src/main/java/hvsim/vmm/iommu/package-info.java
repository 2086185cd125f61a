/**
 * What stands between devices and machine memory: DMA remapping, and interrupt remapping and posting, as hardware does them.
 *
 * <pre>
 *   requester id ---.
 *   15   8 7   3 2 0|   root table         context table          tables of the domain
 *   | bus | dev |fn |-->[bus]------------->[dev, fn]------------->  ...  --> page
 *                        16 bytes: P, where 16 bytes: P, T, root,    8 bytes: R, W, page
 *                                           levels, domain
 *   address --------------------------------------------------------^
 *
 *   remembered:   {@link hvsim.vmm.iommu.ContextCache}                {@link hvsim.vmm.iommu.Iotlb}, paging-structure caches
 *   forgotten:    by the descriptors of {@link hvsim.vmm.iommu.InvalidationQueue}
 *   refused:      {@link hvsim.vmm.iommu.FaultRegisters}, and the device gets nothing
 *
 *   interrupt: a write to FEEx_xxxxH --> index --> {@link hvsim.vmm.iommu.InterruptEntry} --> a processor, or a descriptor that it is posted to
 * </pre>
 *
 * Start reading at {@link hvsim.vmm.iommu.Iommu}, then {@link hvsim.vmm.iommu.InterruptRemapping}. What software makes of it is in {@link hvsim.vmm.iommu.mapping}. Follows Intel
 * Virtualization Technology for Directed I/O, Architecture Specification (D51397): "DMA Remapping", "Interrupt Remapping and
 * Interrupt Posting", "Caching Translation Information", "Address Translation Faults", "Translation Structure Formats".
 * Not modelled: first-level translation and process address-space ids, device-TLBs and page requests, accessed and
 * dirty flags, fault processing disable, memory types and snooping, urgent posted interrupts, the cache of interrupt entries, the
 * registers by which all of this is set up.
 */
package hvsim.vmm.iommu;
