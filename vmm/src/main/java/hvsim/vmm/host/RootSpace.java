package hvsim.vmm.host;

import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Registers;
import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.tlb.PageSize;
import hvsim.vmm.memory.Frames;
import java.util.List;
import java.util.stream.LongStream;

/** An address space of software that runs in root mode, and how its programs go through code and data there. */
public final class RootSpace {
    public static final int PAGE_BYTES = 4096;
    private static final int FETCHES_PER_PAGE = 4;
    private static final int FETCH_STEP_BYTES = 64;
    private static final long FLAGS = GuestEntry.WRITE | GuestEntry.ACCESSED | GuestEntry.DIRTY;

    private final PageTable table;

    public RootSpace(PhysicalMemory memory, TableLayout layout, Frames frames) {
        table = PageTable.ofMachine(memory, frames.allocate(PageSize.SIZE_4K), layout);
    }

    /** Of software that is a guest itself: its tables are behind that second stage. */
    public RootSpace(PhysicalMemory memory, PageTable secondStage, Frames frames) {
        table = PageTable.ofGuest(memory, frames.allocate(PageSize.SIZE_4K), secondStage.layout(), secondStage);
    }

    /** So many entries of {@code level}, from that of {@code first} on, get tables to lead to. */
    public void link(long first, int level, int entries, Frames frames) {
        for (int i = 0; i < entries; i++) {
            link(first + i * table.layout().bytes(level), level - 1, frames);
        }
    }

    private void link(long hva, int lowest, Frames frames) {
        for (int level = table.missingTable(hva, lowest); level != 0; level = table.missingTable(hva, lowest)) {
            table.link(hva, level, frames.allocate(PageSize.SIZE_4K), true);
        }
    }

    /** Pages from {@code first} on get frames. */
    public void map(long first, int pages, Frames frames) {
        PageSize small = PageSize.SIZE_4K;
        for (int page = 0; page < pages; page++) {
            long hva = first + (long) page * PAGE_BYTES;
            link(hva, small.leafLevel(), frames);
            table.setLeaf(hva, small, GuestEntry.leaf(frames.allocate(small), small, FLAGS));
        }
    }

    /** Where a host is in it. */
    HostLayout hostLayout() {
        return HostLayout.of(table.layout());
    }

    /** The bit of CR4 that its tables need. */
    public long cr4() {
        return table.layout() == TableLayout.FIVE_LEVEL ? Registers.CR4_LA57 : 0;
    }

    /** EFER, as its kind of tables needs it. */
    public long efer() {
        long always = Registers.EFER_SCE | Registers.EFER_NXE;
        return table.layout().isLong() ? always | Registers.EFER_LME | Registers.EFER_LMA : always;
    }

    /** What goes into CR3. */
    public long cr3() {
        return table.root();
    }

    /** So many entries of a level, from that on the way to an address on. */
    public List<Long> entries(long first, int level, int count) {
        return LongStream.range(0, count)
                .mapToObj(i -> table.entry(first + i * table.layout().bytes(level), level))
                .toList();
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
