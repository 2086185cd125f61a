package hvsim.vmm.kernel;

import hvsim.cpu.instruction.Instruction;

/** What of a kernel's program needs privilege, as the processor or the hypervisor wants it that the kernel is made for. */
interface PrivilegedCode {
    void instruction(Instruction instruction);

    /** An entry of a table was changed. */
    void writeEntry(long gpa);

    /** An entry of a table was to be changed, and was so if {@code made}: where nobody is asked, everything is made. */
    void forgeEntry(long gpa, boolean made);

    /** A page becomes a table, and is cleared. */
    void newTable(long gpa);

    /** The same of the root table of a new address space. */
    void newRoot(long gpa);

    /** A page is a table no longer, and may be used for something else. */
    void oldTable(long gpa);

    /** The root table of an address space that nobody uses any more, and whose entries are all 0. */
    void oldRoot(long gpa);

    void invalidate(long gva);

    void loadCr3(long value);

    /** To the virtual processor of that number. */
    void sendInterrupt(int vcpu, int vector);

    /** The handler of an interrupt has done its work. */
    void endInterrupt();

    void startTimer(int vector);

    void setDeadline(long tsc);

    /** What was changed takes effect now, at the latest. */
    void settle();
}
