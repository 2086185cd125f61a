package hvsim.vmm.kernel;

import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.Program;
import hvsim.cpu.instruction.Instruction;
import hvsim.ept.GuestPage;

/** A program of the guest's kernel while it is written: what it executes and touches, step by step. */
final class KernelCode {
    private static final int PAGE_BYTES = 4096;
    private static final int LINE_BYTES = 64;
    private static final int FETCHES_A_PAGE = 4;
    private static final int FETCH_BYTES = 16;
    private static final int WORD_BYTES = 8;

    /** Work is cut into pieces, so that what waits for the end of an instruction does not wait longer (assumed). */
    private static final long PIECE_CYCLES = 100;

    private final KernelImage image;
    private final int vcpu;
    private final Program program;

    KernelCode(KernelImage image, int vcpu, Program program) {
        this.image = image;
        this.vcpu = vcpu;
        this.program = program;
    }

    /** The fetches and references of a path. */
    KernelCode path(Path path) {
        for (int page = 0; page < path.textPages(); page++) {
            long at = image.text(path.firstPage() + page);
            for (int line = 0; line < FETCHES_A_PAGE; line++) {
                program.add(GuestOp.memory(GuestOp.FETCH, at + (long) line * LINE_BYTES, FETCH_BYTES));
            }
        }
        for (int page = 0; page < path.dataPages(); page++) {
            long at = image.data(vcpu, path.firstPage() + page);
            read(at);
            write(at + LINE_BYTES);
        }
        return this;
    }

    KernelCode read(long gva) {
        program.add(GuestOp.memory(GuestOp.READ, gva, WORD_BYTES));
        return this;
    }

    KernelCode write(long gva) {
        program.add(GuestOp.memory(GuestOp.WRITE, gva, WORD_BYTES));
        return this;
    }

    /** A locked read and write, as CMPXCHG. */
    KernelCode modify(long gva) {
        program.add(GuestOp.memory(GuestOp.MODIFY, gva, WORD_BYTES));
        return this;
    }

    /** Tells another virtual processor that what it asked for is done. */
    KernelCode answer(int initiator) {
        return write(image.answers(initiator));
    }

    /** Looks whether the others have answered, once. */
    KernelCode lookForAnswers() {
        return instruction(Instruction.PAUSE).read(image.answers(vcpu));
    }

    /** Looks whether a lock is free, once. */
    KernelCode lookAtLock(int lock) {
        return instruction(Instruction.PAUSE).read(image.lock(lock));
    }

    KernelCode takeLock(int lock) {
        return modify(image.lock(lock));
    }

    KernelCode releaseLock(int lock) {
        return write(image.lock(lock));
    }

    /** Through the direct map. */
    KernelCode readEntry(long gpa) {
        program.add(GuestOp.memory(GuestOp.READ, image.direct(gpa), image.entryBytes()));
        return this;
    }

    KernelCode writeEntry(long gpa) {
        program.add(GuestOp.memory(GuestOp.WRITE, image.direct(gpa), image.entryBytes()));
        return this;
    }

    /** Where the kernel sees a page: in the direct map, or in a window that is moved there. */
    private long at(long gpa) {
        return image.isDirect(gpa) ? image.direct(gpa) : image.window(vcpu, gpa, this);
    }

    /** Zeros a page, line by line; a large one in pieces of 4 KiB, which take as long. */
    KernelCode clear(long gpa, GuestPage size) {
        for (long at = gpa; at < gpa + size.bytes(); at += PAGE_BYTES) {
            sweep(GuestOp.WRITE, at(at), size);
        }
        return this;
    }

    KernelCode copy(long from, long to, GuestPage size) {
        for (long offset = 0; offset < size.bytes(); offset += PAGE_BYTES) {
            sweep(GuestOp.READ, at(from + offset), size);
            sweep(GuestOp.WRITE, at(to + offset), size);
        }
        return this;
    }

    private void sweep(int access, long gva, GuestPage size) {
        if (size != GuestPage.KIB_4) {
            program.add(GuestOp.wide(access, PAGE_BYTES), gva);
            program.add(GuestOp.work(PAGE_BYTES / LINE_BYTES - 1));
            return;
        }
        for (long offset = 0; offset < PAGE_BYTES; offset += LINE_BYTES) {
            program.add(GuestOp.memory(access, gva + offset, WORD_BYTES));
        }
    }

    KernelCode work(long cycles) {
        for (long left = cycles; left > 0; left -= PIECE_CYCLES) {
            program.add(GuestOp.work(Math.min(left, PIECE_CYCLES)));
        }
        return this;
    }

    KernelCode instruction(Instruction instruction) {
        program.add(GuestOp.instruction(instruction, 0, 0));
        return this;
    }

    /** An instruction of the program that called the kernel, at CPL 3. */
    KernelCode userInstruction(Instruction instruction, int operand) {
        program.add(GuestOp.instruction(instruction, 3, operand));
        return this;
    }

    KernelCode invalidate(long gva) {
        program.add(GuestOp.instructionWithValue(Instruction.INVLPG, 0, 0), gva);
        return this;
    }

    KernelCode loadCr3(long value) {
        program.add(GuestOp.instructionWithValue(Instruction.MOV_TO_CR3, 0, 0), value);
        return this;
    }

    KernelCode writeMsr(int msr, long value) {
        program.add(GuestOp.instructionWithValue(Instruction.WRMSR, 0, msr), value);
        return this;
    }

    /** Asks the kernel for what comes next. */
    void then(KernelEvent event) {
        program.add(GuestOp.event(event, 0));
    }
}
