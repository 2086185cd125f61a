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

    /** Of a near call and its return: A046 Adams and Agesen (2006), Pentium 4. */
    private static final int CALL_CYCLES = 11;

    /** Work is cut into pieces, so that what waits for the end of an instruction does not wait longer (assumed). */
    private static final long PIECE_CYCLES = 100;

    private final KernelImage image;
    private final int vcpu;
    private final Program program;
    private final PrivilegedCode privileged;

    KernelCode(KernelImage image, int vcpu, Program program, KernelPort port) {
        this.image = image;
        this.vcpu = vcpu;
        this.program = program;
        this.privileged = port.in(this);
    }

    void add(long word) {
        program.add(word);
    }

    void add(long word, long value) {
        program.add(word, value);
    }

    /** Where the kernel sees a guest-physical address. */
    long direct(long gpa) {
        return image.direct(gpa);
    }

    /** The virtual processor's words in the page that it shares with the hypervisor. */
    long shared() {
        return image.shared(vcpu);
    }

    /** Where what is to be asked for waits, by its number. */
    long calls(int number) {
        return image.calls(vcpu, number);
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

    /** Functions, each in a page of its own, call another and get a return, so many times. */
    KernelCode call(long times) {
        for (int i = 0; i < times; i++) {
            fetch(Path.CALL, i % Path.CALL.textPages());
            program.add(GuestOp.work(CALL_CYCLES - 1));
        }
        return this;
    }

    /** The first instructions of a page of a path. */
    KernelCode fetch(Path path, int page) {
        program.add(GuestOp.memory(GuestOp.FETCH, image.text(path.firstPage() + page), FETCH_BYTES));
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

    /** One instruction of a path becomes another. */
    KernelCode patch(Path path) {
        return write(image.writableText(path.firstPage()));
    }

    /** A locked read and write, as CMPXCHG. */
    KernelCode modify(long gva) {
        program.add(GuestOp.memory(GuestOp.MODIFY, gva, WORD_BYTES));
        return this;
    }

    /** Tells another virtual processor that what it asked for is done. */
    KernelCode answer(int initiator) {
        privileged.settle();
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
        privileged.settle();
        return write(image.lock(lock));
    }

    /** Through the direct map. */
    KernelCode readEntry(long gpa) {
        program.add(GuestOp.memory(GuestOp.READ, image.direct(gpa), image.entryBytes()));
        return this;
    }

    KernelCode writeEntry(long gpa) {
        privileged.writeEntry(gpa);
        return this;
    }

    /** @param made whether the hypervisor, if it is asked, does not refuse it */
    KernelCode forgeEntry(long gpa, boolean made) {
        privileged.forgeEntry(gpa, made);
        return this;
    }

    /** Of an entry of a table. */
    int entryBytes() {
        return image.entryBytes();
    }

    /** Where the kernel sees a page: in the direct map, or in a window that is moved there. */
    private long at(long gpa) {
        return image.isDirect(gpa) ? image.direct(gpa) : image.window(vcpu, gpa, this);
    }

    /** A page that becomes a table is zeroed. */
    KernelCode newTable(long gpa) {
        privileged.newTable(gpa);
        return this;
    }

    KernelCode newRoot(long gpa) {
        privileged.newRoot(gpa);
        return this;
    }

    KernelCode oldRoot(long gpa) {
        privileged.oldRoot(gpa);
        return this;
    }

    KernelCode oldTable(long gpa) {
        privileged.oldTable(gpa);
        return this;
    }

    /** The tables have their changes from here on. */
    void settle() {
        privileged.settle();
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
        privileged.instruction(instruction);
        return this;
    }

    /** An instruction of the program that called the kernel, at CPL 3. */
    KernelCode userInstruction(Instruction instruction, int operand) {
        program.add(GuestOp.instruction(instruction, 3, operand));
        return this;
    }

    KernelCode invalidate(long gva) {
        privileged.invalidate(gva);
        return this;
    }

    KernelCode loadCr3(long value) {
        privileged.loadCr3(value);
        return this;
    }

    KernelCode sendInterrupt(int toVcpu, int vector) {
        privileged.sendInterrupt(toVcpu, vector);
        return this;
    }

    KernelCode endInterrupt() {
        privileged.endInterrupt();
        return this;
    }

    KernelCode startTimer(int vector) {
        privileged.startTimer(vector);
        return this;
    }

    KernelCode setDeadline(long tsc) {
        privileged.setDeadline(tsc);
        return this;
    }

    /** All bytes from an address of the direct map on, once; a line takes a cycle. */
    KernelCode touch(int access, long gpa, int bytes) {
        program.add(GuestOp.wide(access, bytes), image.direct(gpa));
        return work((bytes - 1) / LINE_BYTES);
    }

    /** Bytes that a device's ring is made of. */
    KernelCode reference(int access, long gpa, int bytes) {
        program.add(GuestOp.memory(access, image.direct(gpa), bytes));
        return this;
    }

    KernelCode readRegister(long gva) {
        program.add(GuestOp.readRegister(), gva);
        return this;
    }

    KernelCode writeRegister(long gva, long value) {
        program.add(GuestOp.writeRegister(value), gva);
        return this;
    }

    /** Asks the kernel for what comes next. */
    void then(KernelEvent event) {
        then(event, 0);
    }

    void then(KernelEvent event, long operand) {
        privileged.settle();
        program.add(GuestOp.event(event, operand));
    }
}
