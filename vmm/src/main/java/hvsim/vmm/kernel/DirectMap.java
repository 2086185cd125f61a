package hvsim.vmm.kernel;

/** Guest-physical memory at one offset, in the kernel's part of each address space; each page when it is first needed. */
interface DirectMap {
    /** A guest-physical address is seen at {@code gva} from now on. */
    void map(KernelImage image, long gva, long gpa);

    /** A page is about to become a table. */
    void becomesTable(long gpa);
}
