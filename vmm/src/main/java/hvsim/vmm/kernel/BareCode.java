package hvsim.vmm.kernel;

import hvsim.cpu.GuestOp;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.instruction.Instruction;
import hvsim.ept.GuestPage;

/** Instructions of a processor that is the kernel's own, and its local APIC (x2APIC mode). */
final class BareCode implements PrivilegedCode {
    private static final int TSC_DEADLINE_MODE = 2 << 17;
    private static final int DESTINATION_SHIFT = 32;

    private final KernelCode code;

    BareCode(KernelCode code) {
        this.code = code;
    }

    @Override
    public void instruction(Instruction instruction) {
        code.add(GuestOp.instruction(instruction, 0, 0));
    }

    @Override
    public void writeEntry(long gpa) {
        code.add(GuestOp.memory(GuestOp.WRITE, code.direct(gpa), code.entryBytes()));
    }

    @Override
    public void forgeEntry(long gpa, boolean made) {
        writeEntry(gpa);
    }

    @Override
    public void newTable(long gpa) {
        code.clear(gpa, GuestPage.KIB_4);
    }

    @Override
    public void newRoot(long gpa) {
        newTable(gpa);
    }

    @Override
    public void oldRoot(long gpa) {
        // it is memory like any other
    }

    @Override
    public void oldTable(long gpa) {
        // a page as any other
    }

    @Override
    public void invalidate(long gva) {
        code.add(GuestOp.instructionWithValue(Instruction.INVLPG, 0, 0), gva);
    }

    @Override
    public void loadCr3(long value) {
        code.add(GuestOp.instructionWithValue(Instruction.MOV_TO_CR3, 0, 0), value);
    }

    @Override
    public void sendInterrupt(int vcpu, int vector) {
        writeMsr(ApicMsr.COMMAND, (long) vcpu << DESTINATION_SHIFT | vector);
    }

    @Override
    public void endInterrupt() {
        writeMsr(ApicMsr.END_OF_INTERRUPT, 0);
    }

    @Override
    public void startTimer(int vector) {
        writeMsr(ApicMsr.TIMER, TSC_DEADLINE_MODE | vector);
    }

    @Override
    public void setDeadline(long tsc) {
        writeMsr(ApicMsr.TSC_DEADLINE, tsc);
    }

    private void writeMsr(int msr, long value) {
        code.add(GuestOp.instructionWithValue(Instruction.WRMSR, 0, msr), value);
    }

    @Override
    public void settle() {
        // all of it has been done
    }
}
