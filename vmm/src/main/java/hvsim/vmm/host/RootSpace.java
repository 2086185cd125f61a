package hvsim.vmm.host;

import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Registers;
import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.vmm.memory.Frames;

/** An address space of software that runs in root mode, and how its programs go through code and data there. */
public final class RootSpace {
    public static final int PAGE_BYTES = 4096;
    private static final int FETCHES_PER_PAGE = 4;
    private static final int FETCH_STEP_BYTES = 64;
    private static final long FLAGS = GuestEntry.WRITE | GuestEntry.ACCESSED | GuestEntry.DIRTY;

    private final PageTable table;

    public RootSpace(PhysicalMemory memory, int pageLevels, Frames frames) {
        table = PageTable.ofMachine(memory, frames.allocate(PageSize.SIZE_4K), pageLevels);
    }

    /** Of software that is a guest itself: its tables are behind that second stage. */
    public RootSpace(PhysicalMemory memory, PageTable secondStage, Frames frames) {
        table = PageTable.ofGuest(memory, frames.allocate(PageSize.SIZE_4K), secondStage.layout(), secondStage);
    }

    /** Pages from {@code first} on get frames. */
    public void map(long first, int pages, Frames frames) {
        PageSize small = PageSize.SIZE_4K;
        for (int page = 0; page < pages; page++) {
            long hva = first + (long) page * PAGE_BYTES;
            for (int level = table.missingTable(hva, small); level != 0; level = table.missingTable(hva, small)) {
                table.link(hva, level, frames.allocate(small), true);
            }
            table.setLeaf(hva, small, GuestEntry.leaf(frames.allocate(small), small, FLAGS));
        }
    }

    /** The bit of CR4 that its tables need. */
    public long cr4() {
        return table.levels() == PageTable.LEVELS ? 0 : Registers.CR4_LA57;
    }

    /** What goes into CR3. */
    public long cr3() {
        return table.root();
    }

    /** The entry of that level on the way to an address. */
    public long entry(long hva, int level) {
        return table.entry(hva, level);
    }

    /** A few lines of each page of code. */
    public static void addFetches(Program program, long first, int pages) {
        for (int page = 0; page < pages; page++) {
            for (int i = 0; i < FETCHES_PER_PAGE; i++) {
                long hva = first + (long) page * PAGE_BYTES + (long) i * FETCH_STEP_BYTES;
                program.add(GuestOp.memory(GuestOp.FETCH, hva, GuestOp.MAX_PLAIN_SIZE_BYTES));
            }
        }
    }

    /** A word of each page is read, and one is written. */
    public static void addReferences(Program program, long first, int pages) {
        for (int page = 0; page < pages; page++) {
            program.add(GuestOp.memory(GuestOp.READ, first + (long) page * PAGE_BYTES, 8));
            program.add(GuestOp.memory(GuestOp.WRITE, first + (long) page * PAGE_BYTES + FETCH_STEP_BYTES, 8));
        }
    }

    /** Another address space. */
    public static void addLoadCr3(Program program, long cr3) {
        program.add(GuestOp.instructionWithValue(Instruction.MOV_TO_CR3, 0, 0), cr3);
    }

    static void addInstructions(Program program, Instruction... instructions) {
        for (Instruction instruction : instructions) {
            program.add(GuestOp.instruction(instruction, 0, 0));
        }
    }
}
