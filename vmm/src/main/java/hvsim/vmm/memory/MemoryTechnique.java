package hvsim.vmm.memory;

import hvsim.ept.PageTable;
import hvsim.tlb.Snapshot;

/** A way to give a guest what it takes for physical memory. */
public interface MemoryTechnique {
    /** The guest's tables with that root, as software reads and writes them. */
    PageTable guestTable(long rootGpa);

    /** Makes sure that there is machine memory behind a guest-physical address, at no cost. */
    void back(long gpa);

    /** Where in the machine's memory a guest-physical address is, for which there is some from now on. */
    long toMachine(long gpa);

    /** Machine memory that the guest has been given. */
    long backedBytes();

    /** Checks that every frame the guest reaches is its own; returns what it found amiss, or an empty text. */
    String audit();

    void transfer(Snapshot snapshot);
}
