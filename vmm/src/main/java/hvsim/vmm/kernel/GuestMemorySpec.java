package hvsim.vmm.kernel;

import hvsim.ept.GuestPage;
import hvsim.tlb.PageSize;

/**
 * The memory that a guest's kernel has to give.
 *
 * @param vm whose it is, for messages
 * @param bytes guest-physical memory
 * @param mode of its processors
 * @param guestPage leaf size of the kernel's tables for its processes
 * @param hostPage leaf size of the second stage
 * @param premapped whether machine memory is behind each page before the guest first touches it
 */
public record GuestMemorySpec(
        String vm, long bytes, GuestMode mode, GuestPage guestPage, PageSize hostPage, boolean premapped) {}
