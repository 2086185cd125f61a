package hvsim.vmm.host;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.Vcpu;
import hvsim.cpu.instruction.Instruction;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.Frames;
import java.util.List;

/**
 * The process that a VM belongs to on a host whose kernel is the hypervisor: it answers what the kernel leaves to it, in
 * user mode, in the kernel's address space.
 *
 * <pre>
 *   out  2 pages of kernel, the process's registers (XSAVES, XRSTORS), 4 MSRs, SWAPGS, SYSRET
 *        4 pages of code and 4 of data, its work
 *   in   SYSCALL, SWAPGS, 2 pages of kernel, the guest's registers and 4 MSRs
 * </pre>
 *
 * The MSRs are those that KVM gives back on the way to user mode. The numbers of pages are assumed. A hypervisor that
 * lives in the guests' address spaces loads CR3 on the way there and back.
 */
final class HostProcess implements Host {
    private static final int KERNEL_PAGES = 2;
    private static final int PAGES = 4;

    /** IA32_STAR, IA32_LSTAR, IA32_FMASK and IA32_KERNEL_GS_BASE. */
    private static final int[] SWITCHED_MSRS = {0xC000_0081, 0xC000_0082, 0xC000_0084, 0xC000_0102};

    private final List<Core> cores;
    private final RootSpace space;
    private final HostLayout layout;
    private final int workCycles;

    /** @param space of the host's kernel */
    HostProcess(List<Core> cores, RootSpace space, Frames frames, int workCycles) {
        this.cores = cores;
        this.space = space;
        this.layout = space.hostLayout();
        this.workCycles = workCycles;
        space.map(layout.processText(), 2 * KERNEL_PAGES + PAGES, frames);
        space.map(layout.processData(), PAGES, frames);
    }

    @Override
    public boolean answer(int core, Vcpu guest, Program program) {
        guest.counts().countHostPassage();
        long from = cores.get(core).transitions().rootCr3();
        program.add(GuestOp.passage(true));
        addLoad(program, from, space.cr3());
        addAnswer(program);
        addLoad(program, space.cr3(), from);
        program.add(GuestOp.passage(false));
        return true;
    }

    private static void addLoad(Program program, long from, long to) {
        if (from != to) {
            RootSpace.addLoadCr3(program, to);
        }
    }

    /** From the kernel to the process, which answers, and back. */
    void addAnswer(Program program) {
        RootSpace.addFetches(program, layout.processText(), KERNEL_PAGES);
        addSwitch(program);
        RootSpace.addInstructions(program, Instruction.SWAPGS, Instruction.SYSRET);
        RootSpace.addFetches(program, layout.processText() + 2L * KERNEL_PAGES * RootSpace.PAGE_BYTES, PAGES);
        RootSpace.addReferences(program, layout.processData(), PAGES);
        program.add(GuestOp.work(workCycles));
        RootSpace.addInstructions(program, Instruction.SYSCALL, Instruction.SWAPGS);
        RootSpace.addFetches(program, layout.processText() + (long) KERNEL_PAGES * RootSpace.PAGE_BYTES, KERNEL_PAGES);
        addSwitch(program);
    }

    private static void addSwitch(Program program) {
        RootSpace.addInstructions(program, Instruction.XSAVES, Instruction.XRSTORS);
        for (int msr : SWITCHED_MSRS) {
            program.add(GuestOp.instructionWithValue(Instruction.WRMSR, 0, msr), 0);
        }
    }

    @Override
    public void interrupt(int core, Vcpu guest, Program program) {
        // the host's kernel is the hypervisor, and has it already
    }

    @Override
    public boolean takesCall(int core, Vcpu caller, Program program) {
        return false;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        // no state
    }
}
