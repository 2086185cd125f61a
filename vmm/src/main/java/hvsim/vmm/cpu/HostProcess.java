package hvsim.vmm.cpu;

import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.instruction.Instruction;
import hvsim.vmm.memory.Frames;

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
 * The MSRs are those that KVM gives back on the way to user mode. The numbers of pages are assumed.
 */
final class HostProcess {
    private static final long TEXT = 1L << 40;
    private static final long DATA = TEXT + (1L << 30);
    private static final int KERNEL_PAGES = 2;
    private static final int PAGES = 4;

    /** IA32_STAR, IA32_LSTAR, IA32_FMASK and IA32_KERNEL_GS_BASE. */
    private static final int[] SWITCHED_MSRS = {0xC000_0081, 0xC000_0082, 0xC000_0084, 0xC000_0102};

    private final int workCycles;

    HostProcess(HypervisorImage image, Frames frames, int workCycles) {
        this.workCycles = workCycles;
        image.map(TEXT, 2 * KERNEL_PAGES + PAGES, frames);
        image.map(DATA, PAGES, frames);
    }

    /** From the kernel to the process, which answers, and back. */
    void addAnswer(Program program) {
        HypervisorImage.addFetches(program, TEXT, KERNEL_PAGES);
        addSwitch(program);
        addInstructions(program, Instruction.SWAPGS, Instruction.SYSRET);
        HypervisorImage.addFetches(program, TEXT + 2L * KERNEL_PAGES * HypervisorImage.PAGE_BYTES, PAGES);
        HypervisorImage.addReferences(program, DATA, PAGES);
        program.add(GuestOp.work(workCycles));
        addInstructions(program, Instruction.SYSCALL, Instruction.SWAPGS);
        HypervisorImage.addFetches(program, TEXT + (long) KERNEL_PAGES * HypervisorImage.PAGE_BYTES, KERNEL_PAGES);
        addSwitch(program);
    }

    private static void addSwitch(Program program) {
        addInstructions(program, Instruction.XSAVES, Instruction.XRSTORS);
        for (int msr : SWITCHED_MSRS) {
            program.add(GuestOp.instructionWithValue(Instruction.WRMSR, 0, msr), 0);
        }
    }

    private static void addInstructions(Program program, Instruction... instructions) {
        for (Instruction instruction : instructions) {
            program.add(GuestOp.instruction(instruction, 0, 0));
        }
    }
}
