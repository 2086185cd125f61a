package hvsim.vmm;

import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.Program;
import hvsim.cpu.Vcpu;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Registers;
import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.FrameAllocator;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MemoryTechnique;
import java.util.Arrays;
import java.util.List;

/**
 * A guest's kernel: it keeps the tables of the guest's processes, and answers faults and events with
 * programs of its own, which run on the virtual processor at CPL 0.
 *
 * <p>Guest-physical frames are handed out in ascending order: the root of process 0 is frame 0, then come
 * tables from the top down and pages as they are first needed.
 */
final class GuestKernel {
    private static final long ROOT_FLAGS = 0;
    private static final long USER_PAGE = GuestEntry.USER | GuestEntry.WRITE;
    private static final long USED = GuestEntry.ACCESSED | GuestEntry.DIRTY;
    private static final int SMALL_BYTES = 4096;
    private static final int LINE_BYTES = 64;
    private static final int PAGE_FAULT = 14;

    private final VmSpec spec;
    private final List<Vcpu> vcpus;
    private final MemoryTechnique memory;
    private final Frames frames;
    private final FrameAllocator frameAllocator;
    private final KernelImage image;
    private final long[] roots;

    /** The process that each virtual processor runs. */
    private final int[] current;

    GuestKernel(VmSpec spec, List<Vcpu> vcpus, MemoryTechnique memory) {
        this.spec = spec;
        this.vcpus = List.copyOf(vcpus);
        this.current = new int[vcpus.size()];
        this.memory = memory;
        this.frameAllocator = new FrameAllocator(spec.memoryBytes(), "the memory of VM " + spec.name());
        this.frames = new Frames(frameAllocator, 0);
        this.image = new KernelImage(this);
        this.roots = new long[spec.kernel().processes()];
        Arrays.fill(roots, PageTable.UNMAPPED);
        vcpus.forEach(vcpu -> start(vcpu.registers()));
    }

    private void start(Registers registers) {
        registers.cr4 |= spec.kernel().pcid() ? Registers.CR4_PCIDE : 0;
        registers.cr3 = cr3Of(0);
        registers.cr4 |= tableOf(0).levels() == PageTable.LEVELS ? 0 : Registers.CR4_LA57;
    }

    /** Value of CR3 for a process; its root table is made when first asked for. */
    private long cr3Of(int process) {
        if (roots[process] == PageTable.UNMAPPED) {
            roots[process] = newTable();
            image.linkInto(tableOf(process));
        }
        return roots[process] | (spec.kernel().pcid() ? process + 1 : ROOT_FLAGS);
    }

    PageTable tableOf(int process) {
        return memory.guestTable(roots[process]);
    }

    int processes() {
        return roots.length;
    }

    boolean hasTable(int process) {
        return roots[process] != PageTable.UNMAPPED;
    }

    /** A frame for a table: whoever writes it first has machine memory behind it. */
    long newTable() {
        long gpa = frames.allocate(PageSize.SIZE_4K);
        memory.back(gpa);
        return gpa;
    }

    /** The loader maps a page before the program first touches it, free of charge. */
    void premap(int vcpu, long gva) {
        if (!spec.kernel().demandPaging()) {
            mapPage(current[vcpu], gva, USED);
        }
    }

    /** Maps the page of {@code gva} for a process; returns its guest-physical address. */
    private long mapPage(int process, long gva, long flags) {
        PageTable table = tableOf(process);
        PageSize page = spec.guestPage();
        long mapped = table.translate(gva);
        if (mapped != PageTable.UNMAPPED) {
            return mapped & -page.bytes();
        }
        link(table, gva, page);
        long gpa = frames.allocate(page);
        if (spec.premapped()) {
            backAll(gpa, page);
        }
        table.setLeaf(gva, page, GuestEntry.leaf(gpa, page, USER_PAGE | flags));
        return gpa;
    }

    void link(PageTable table, long gva, PageSize page) {
        for (int level = table.missingTable(gva, page); level != 0; level = table.missingTable(gva, page)) {
            table.link(gva, level, newTable(), true);
        }
    }

    private void backAll(long gpa, PageSize page) {
        long step = Math.min(page.bytes(), spec.hostPage().bytes());
        for (long offset = 0; offset < page.bytes(); offset += step) {
            memory.back(gpa + offset);
        }
    }

    /** An event was delivered: a missing page is mapped, any other fault ends the operation it happened to. */
    void exception(int number, int vector, long gva, boolean fault) {
        Vcpu vcpu = vcpus.get(number);
        int process = current[number];
        if (vector != PAGE_FAULT || tableOf(process).translate(gva) != PageTable.UNMAPPED) {
            if (fault) {
                vcpu.skipOperation();
            }
            image.enter(vcpu.pushKernelProgram(), KernelImage.Path.EXCEPTION);
            return;
        }
        long gpa = mapPage(process, gva, 0);
        Program program = vcpu.pushKernelProgram();
        image.enter(program, KernelImage.Path.PAGE_FAULT);
        long entry = tableOf(process).tableAddress(gva, spec.guestPage().leafLevel());
        program.add(GuestOp.memory(GuestOp.WRITE, image.direct(entry), 8));
        long page = image.direct(gpa);
        for (long offset = 0; offset < SMALL_BYTES; offset += LINE_BYTES) {
            program.add(GuestOp.memory(GuestOp.WRITE, page + offset, 8));
        }
    }

    /** The program asks for something. */
    void event(int vcpu, KernelEvent event, int operand) {
        switch (event) {
            case PROCESS_SWITCH -> switchTo(vcpu, operand % roots.length);
        }
    }

    private void switchTo(int vcpu, int process) {
        boolean known = hasTable(process);
        long cr3 = cr3Of(process);
        current[vcpu] = process;
        Program program = vcpus.get(vcpu).pushKernelProgram();
        image.enter(program, KernelImage.Path.PROCESS_SWITCH);
        long keep = spec.kernel().pcid() && known ? Registers.CR3_KEEP : 0;
        program.add(GuestOp.instructionWithValue(Instruction.MOV_TO_CR3, 0, 0), cr3 | keep);
    }

    /** A virtual processor is switched off: its program has ended. */
    void offline(int vcpu) {
        current[vcpu] = 0;
    }

    long usedBytes() {
        return frames.handedOutBytes();
    }

    void transfer(Snapshot snapshot) {
        frameAllocator.transfer(snapshot);
        frames.transfer(snapshot);
        snapshot.transfer(roots);
        snapshot.transfer(current);
        image.transfer(snapshot);
        memory.transfer(snapshot);
    }
}
