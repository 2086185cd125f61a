package hvsim.vmm.host;

import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.OpStream;
import hvsim.cpu.instruction.Instruction;

/**
 * What a service VM does: its kernel says that it is ready; then for ever it waits for an event, the process that stands
 * for devices answers, a system call carries the answer to the kernel, and a hypercall to the hypervisor. Events are let
 * in by HLT alone, so that none is missed.
 *
 * <pre>
 *   CLI VMCALL | STI HLT CLI | 4 pages of code, 4 of data, the work | SYSCALL ... SYSRET | VMCALL
 *                 ^--------------------------------------------------------------------------'
 * </pre>
 *
 * The numbers of pages are assumed, as many as those of a host's process.
 */
public final class ServiceProgram implements OpStream {
    private static final long TEXT = 0x40_0000;
    private static final long DATA = 0x80_0000;
    private static final int PAGES = 4;
    private static final int LINES = 4;
    private static final int LINE_BYTES = 64;

    private final int workCycles;
    private boolean isLoaded;

    /** @param workCycles for one answer */
    public ServiceProgram(int workCycles) {
        this.workCycles = workCycles;
    }

    @Override
    public int fill(long[] batch) {
        int n = 0;
        if (!isLoaded) {
            isLoaded = true;
            for (int page = 0; page < PAGES; page++) {
                batch[n++] = GuestOp.premap(at(TEXT, page));
                batch[n++] = GuestOp.premap(at(DATA, page));
            }
            batch[n++] = GuestOp.instruction(Instruction.CLI, 0, 0);
            batch[n++] = GuestOp.instruction(Instruction.VMCALL, 0, 0);
        }
        batch[n++] = GuestOp.instruction(Instruction.STI, 0, 0);
        batch[n++] = GuestOp.instruction(Instruction.HLT, 0, 0);
        batch[n++] = GuestOp.instruction(Instruction.CLI, 0, 0);
        for (int page = 0; page < PAGES; page++) {
            for (int line = 0; line < LINES; line++) {
                batch[n++] = GuestOp.memory(
                        GuestOp.FETCH, at(TEXT, page) + (long) line * LINE_BYTES, GuestOp.MAX_PLAIN_SIZE_BYTES);
            }
            batch[n++] = GuestOp.memory(GuestOp.READ, at(DATA, page), 8);
            batch[n++] = GuestOp.memory(GuestOp.WRITE, at(DATA, page) + LINE_BYTES, 8);
        }
        batch[n++] = GuestOp.work(workCycles);
        batch[n++] = GuestOp.event(KernelEvent.SYSCALL, 0);
        batch[n++] = GuestOp.instruction(Instruction.VMCALL, 0, 0);
        return n;
    }

    private static long at(long first, int page) {
        return first + (long) page * RootSpace.PAGE_BYTES;
    }

    @Override
    public long[] position() {
        return new long[] {isLoaded ? 1 : 0};
    }

    @Override
    public void seek(long[] position) {
        isLoaded = position[0] != 0;
    }
}
