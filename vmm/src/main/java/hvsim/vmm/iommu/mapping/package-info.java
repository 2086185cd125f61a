/**
 * What software does with an IOMMU: which device is of which domain, and for each buffer an I/O address, for as long as a
 * device may use it.
 *
 * <pre>
 *   map     allocate an address ({@link hvsim.vmm.iommu.mapping.IovaAllocator}), write the entry of the tables
 *   unmap   find the address, clear the entry, have the IOTLB forget it, free the address
 *                                              |
 *           strict: now      deferred: with up to 249 others, or after 10 ms; until then a device may still get there
 * </pre>
 *
 * Start reading at {@link hvsim.vmm.iommu.mapping.DmaMapping}. Follows the driver of Linux before 4.7, as Malka et al. describe it
 * (ASPLOS 2015 and FAST 2015). Not modelled: tables that are taken back, addresses above 4 GiB, several processors.
 */
package hvsim.vmm.iommu.mapping;
