package hvsim.vmm.kernel;

import hvsim.cpu.GuestOp;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.instruction.Instruction;
import hvsim.vmm.memory.direct.DirectLayout;

/**
 * Calls of the hypervisor that the kernel was changed for. Of one program, updates of tables and what drops translations
 * wait for each other, and are asked for together. What masks events is a word in memory that both share: no call.
 */
final class ParavirtualCode implements PrivilegedCode {
    private static final int TSC_DEADLINE_MODE = 2 << 17;
    private static final int DESTINATION_SHIFT = 32;

    private final KernelCode code;
    private final ChangedCode changed;
    private final DirectLayout layout;
    private final Multicall calls;

    /** @param batch the most that is asked for in one hypercall */
    ParavirtualCode(KernelCode code, ChangedCode changed, DirectLayout layout, int batch) {
        this.code = code;
        this.changed = changed;
        this.layout = layout;
        this.calls = new Multicall(batch);
    }

    @Override
    public void instruction(Instruction instruction) {
        settle();
        if (instruction == Instruction.CLI || instruction == Instruction.STI) {
            code.write(code.shared());
        }
        code.add(changed.changed(GuestOp.instruction(instruction, 0, 0)));
    }

    @Override
    public void writeEntry(long gpa) {
        code.direct(gpa);
        queue();
        calls.update();
    }

    @Override
    public void forgeEntry(long gpa, boolean made) {
        writeEntry(gpa);
        if (!made) {
            calls.refuse();
        }
    }

    /** The hypervisor clears it, for the kernel must not write it any more. */
    @Override
    public void newTable(long gpa) {
        protect(gpa);
        calls.linkTable();
        calls.add(Hypercall.MMUEXT_OP, MmuExtension.CLEAR_PAGE.number());
    }

    /** With 4 levels two of them: one is for the user. */
    @Override
    public void newRoot(long gpa) {
        protect(gpa);
        switch (layout) {
            case FOUR_LEVEL -> {
                register(MmuExtension.PIN_L4_TABLE);
                register(MmuExtension.PIN_L4_TABLE);
            }
            case PAE -> register(MmuExtension.PIN_L3_TABLE);
        }
    }

    @Override
    public void oldRoot(long gpa) {
        for (int root = 0; root < (layout.hasUserRoots() ? 2 : 1); root++) {
            calls.add(Hypercall.MMUEXT_OP, MmuExtension.UNPIN_TABLE.number());
        }
        oldTable(gpa);
    }

    private void register(MmuExtension pin) {
        calls.add(Hypercall.MMUEXT_OP, MmuExtension.CLEAR_PAGE.number());
        calls.add(Hypercall.MMUEXT_OP, pin.number());
    }

    private void protect(long gpa) {
        code.direct(gpa);
        queue();
        calls.update();
    }

    @Override
    public void oldTable(long gpa) {
        queue();
        calls.update();
    }

    /** An address and a value, in the kernel's memory until the call is made. */
    private void queue() {
        long at = code.calls(calls.size());
        code.write(at).write(at + Long.BYTES);
    }

    @Override
    public void invalidate(long gva) {
        queue();
        calls.add(GuestOp.instructionWithValue(Instruction.INVLPG, 0, 0), gva);
    }

    /** With it goes where the kernel's stack is. */
    @Override
    public void loadCr3(long value) {
        calls.add(Hypercall.STACK_SWITCH, 0);
        calls.add(GuestOp.instructionWithValue(Instruction.MOV_TO_CR3, 0, 0), value);
        settle();
    }

    @Override
    public void sendInterrupt(int vcpu, int vector) {
        writeMsr(ApicMsr.COMMAND, (long) vcpu << DESTINATION_SHIFT | vector);
    }

    /** The pending bit of its port is cleared in the shared page. */
    @Override
    public void endInterrupt() {
        code.modify(code.shared());
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
        settle();
        code.add(changed.changed(GuestOp.instructionWithValue(Instruction.WRMSR, 0, msr)), value);
    }

    @Override
    public void settle() {
        calls.make(code);
    }
}
