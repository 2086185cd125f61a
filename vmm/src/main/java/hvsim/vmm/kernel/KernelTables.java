package hvsim.vmm.kernel;

import hvsim.ept.PageTable;

/** Where a kernel's tables come from, and what else there is to do about them. */
interface KernelTables {
    /** Each virtual processor has a table of segment descriptors from now on. */
    void makeDescriptors(int vcpus);

    /** A hostile kernel wants the page at {@code gva} to lead where {@code entry} says, as if that were a machine address; whether it does. */
    boolean forge(PageTable table, long gva, long entry);

    /** A frame, all zeros, that will be linked in as a table. */
    long takeTable();

    /** A frame, all zeros, for the root table of an address space. */
    long takeRoot();

    /** The root table of an address space that is used no more; its entries are all 0. */
    void giveRoot(long gpa);
}
