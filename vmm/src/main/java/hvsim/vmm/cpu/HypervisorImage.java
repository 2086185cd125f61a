package hvsim.vmm.cpu;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.VmcsField;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.vmm.host.RootSpace;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.shadow.Resident;
import java.util.List;

/**
 * The hypervisor's own code and data in its own address space, and the programs that it runs at an exit.
 *
 * <pre>
 *   text   3 pages that every exit goes through, then one page for each reason, then 2 for a world switch
 *          4 for models and drivers of devices, if there are any
 *   data   2 pages for the host, then 2 for each virtual processor (its registers and its control structure)
 *   translations   of the guests' kernels, if it makes any
 *
 *   an exit:  text of the common path, data of the virtual processor, 10 VMREADs, dispatch,
 *             text of the reason, its work, VMRESUME
 *   a trap:   text of the common path, data of the virtual processor, text of the reason, its work,
 *             MOV to CR3 if the root changes, IRET
 * </pre>
 *
 * Ten VMREADs an exit: Agesen et al., Software Techniques for Avoiding Hardware Virtualization Exits (USENIX
 * ATC 2012), section 8. Which ones, and the numbers of pages, are assumed, and what of the common path the short one needs.
 */
public final class HypervisorImage {
    private static final int COMMON_PAGES = 3;
    private static final int SWITCH_PAGE = COMMON_PAGES;

    /** Of reason 0; each reason has a page by its number. */
    private static final int FIRST_REASON_PAGE = SWITCH_PAGE + 2;

    private static final int TEXT_PAGES = FIRST_REASON_PAGE + ExitReason.LAST_NUMBER + 1;
    private static final int DEVICE_PAGES = 4;
    private static final int HOST_DATA_PAGES = 2;
    private static final int VCPU_DATA_PAGES = 2;
    private static final VmcsField[] READ = {
        VmcsField.EXIT_REASON,
        VmcsField.IDT_VECTORING_INFO,
        VmcsField.EXIT_INSTRUCTION_LENGTH,
        VmcsField.EXIT_INTERRUPTION_INFO,
        VmcsField.EXIT_QUALIFICATION,
        VmcsField.GUEST_INTERRUPTIBILITY_STATE,
        VmcsField.GUEST_RIP,
        VmcsField.GUEST_RFLAGS,
        VmcsField.GUEST_CR3,
        VmcsField.GUEST_CS_ACCESS_RIGHTS
    };

    /** The reason, whether a delivery was interrupted, the length of the instruction. */
    private static final int VMREADS_OF_SHORT_PATH = 3;

    /** Of one page. */
    private static final int MOST_ENTRIES = 512;

    /** SS, RSP, RFLAGS, CS, RIP and an error code. */
    private static final int FRAME_WORDS = 6;

    /** The argument, the entry, type and count of the table, of the old frame and of the new one. */
    private static final int READS_OF_UPDATE = 9;

    /** The entry, type and count of both frames. */
    private static final int EDITS_OF_UPDATE = 5;

    private static final int LINE_BYTES = 64;
    private static final int FRAME_OFFSET = 2048;

    private final HypervisorLayout layout;
    private final RootSpace space;

    /**
     * @param tables that it lives in
     * @param frames for what all cores share; of each guest its own are near it
     */
    public HypervisorImage(PhysicalMemory memory, TableLayout tables, Frames frames, List<Guest> guests) {
        this(HypervisorLayout.of(tables), new RootSpace(memory, tables, frames), frames, guests);
    }

    /** That of a hypervisor that is a guest itself, whose memory is behind a second stage. */
    public HypervisorImage(PhysicalMemory memory, PageTable secondStage, Frames frames, List<Guest> guests) {
        this(HypervisorLayout.of(secondStage.layout()), new RootSpace(memory, secondStage, frames), frames, guests);
    }

    private HypervisorImage(HypervisorLayout layout, RootSpace space, Frames frames, List<Guest> guests) {
        this.layout = layout;
        this.space = space;
        space.link(layout.text(), layout.sharedLevel(), layout.sharedEntries(), frames);
        space.map(layout.text(), TEXT_PAGES, frames);
        space.map(layout.data(), HOST_DATA_PAGES, frames);
        for (int vcpu = 0; vcpu < guests.size(); vcpu++) {
            space.map(stateOf(vcpu), VCPU_DATA_PAGES, guests.get(vcpu).hostFrames());
        }
    }

    /** There are devices: their code is there from now on. */
    public void mapDevices(Frames frames) {
        space.map(text(TEXT_PAGES), DEVICE_PAGES, frames);
    }

    /** Where all of it is. */
    public RootSpace space() {
        return space;
    }

    /** At which addresses. */
    public HypervisorLayout layout() {
        return layout;
    }

    /** The bit of CR4 that its tables need in root mode. */
    public long cr4() {
        return space.cr4();
    }

    /** What goes into CR3 in root mode. */
    public long cr3() {
        return space.cr3();
    }

    /** Where it is in the address spaces of guests that run deprivileged. */
    public Resident resident() {
        return Resident.of(
                layout.text(),
                layout.sharedLevel(),
                space.entries(layout.text(), layout.sharedLevel(), layout.sharedEntries()));
    }

    /** The way from a trap to the code for its reason: the guest's registers are where the processor has pushed them. */
    public void addTrapPath(Program program, int vcpu, TrapReason reason) {
        RootSpace.addFetches(program, layout.text(), COMMON_PAGES);
        RootSpace.addReferences(program, layout.data(), HOST_DATA_PAGES);
        RootSpace.addReferences(program, stateOf(vcpu), VCPU_DATA_PAGES);
        RootSpace.addFetches(program, text(FIRST_REASON_PAGE + reason.ordinal()), 1);
    }

    /** The frame of an event, on the stack of the guest's kernel as the hypervisor sees it. */
    public void addFrame(Program program, int vcpu) {
        for (int word = 0; word < FRAME_WORDS; word++) {
            program.add(GuestOp.memory(GuestOp.WRITE, stateOf(vcpu) + FRAME_OFFSET + 8L * word, 8));
        }
    }

    /** That root, unless it is in force and nothing has to be dropped. */
    public void addRoot(Program program, Core core, long root, boolean drops) {
        if (drops || root != core.deprivileging().root()) {
            RootSpace.addLoadCr3(program, root);
        }
    }

    /** Another address space, and nothing is left of any, global pages included: CR4.PGE is cleared meanwhile. */
    public void addNewSpace(Program program, long cr3, long cr4) {
        program.add(GuestOp.instructionWithValue(Instruction.MOV_TO_CR4, 0, 0), cr4 & ~Registers.CR4_PGE);
        RootSpace.addLoadCr3(program, cr3);
        program.add(GuestOp.instructionWithValue(Instruction.MOV_TO_CR4, 0, 0), cr4);
    }

    public void addInvlpg(Program program, long gva) {
        program.add(GuestOp.instructionWithValue(Instruction.INVLPG, 0, 0), gva);
    }

    /** Back to a deprivileged guest, by IRET, or after a callout by a far return. */
    public void addReturn(Program program, Instruction by) {
        program.add(GuestOp.instruction(by, 0, 0));
    }

    /** Another virtual processor's turn, without control structures. */
    public void addTurn(Program program, int vcpu) {
        RootSpace.addFetches(program, text(SWITCH_PAGE), 2);
        RootSpace.addReferences(program, stateOf(vcpu), VCPU_DATA_PAGES);
    }

    /** The way from the exit to the code for its reason. */
    public void addCommonPath(Program program, int vcpu, ExitReason reason) {
        RootSpace.addFetches(program, layout.text(), COMMON_PAGES);
        RootSpace.addReferences(program, layout.data(), HOST_DATA_PAGES);
        RootSpace.addReferences(program, stateOf(vcpu), VCPU_DATA_PAGES);
        addVmreads(program, READ.length);
        RootSpace.addFetches(program, text(FIRST_REASON_PAGE + reason.number()), 1);
    }

    /** To the code for a reason that does without most of it: back to the guest from the page that left it. */
    public void addShortPath(Program program, int vcpu, ExitReason reason) {
        RootSpace.addFetches(program, layout.text(), 1);
        RootSpace.addReferences(program, stateOf(vcpu), VCPU_DATA_PAGES);
        addVmreads(program, VMREADS_OF_SHORT_PATH);
        RootSpace.addFetches(program, text(FIRST_REASON_PAGE + reason.number()), 1);
        program.add(GuestOp.instruction(Instruction.VMWRITE, 0, 0)); // goes past the instruction
    }

    private static void addVmreads(Program program, int count) {
        for (int i = 0; i < count; i++) {
            program.add(GuestOp.instruction(Instruction.VMREAD, 0, READ[i].encoding()));
        }
    }

    /** Another virtual processor's turn: its control structure becomes the current one. */
    public void addWorldSwitch(Program program, int vcpu) {
        RootSpace.addFetches(program, text(SWITCH_PAGE), 2);
        RootSpace.addReferences(program, stateOf(vcpu), VCPU_DATA_PAGES);
        program.add(GuestOp.instruction(Instruction.VMPTRLD, 0, 0));
        program.add(GuestOp.instruction(Instruction.VMWRITE, 0, 0));
    }

    /** A virtual processor was on another core: its VMCS is cleared there, and its translations are dropped here. */
    public void addMove(Program program) {
        program.add(GuestOp.instruction(Instruction.VMCLEAR, 0, 0));
        program.add(GuestOp.instruction(Instruction.INVVPID, 0, 0));
    }

    /** Work on table entries and bookkeeping of memory, through the host's data. */
    public void addTableEdits(Program program, int entries) {
        for (int i = 0; i < entries; i++) {
            program.add(GuestOp.memory(GuestOp.WRITE, ownEntries() + 8L * (i & MOST_ENTRIES - 1), 8));
        }
    }

    /** Entries of a guest's tables, read through the host's own map of memory; it is taken to be one page here. */
    public void addTableReads(Program program, int entries) {
        for (int i = 0; i < entries; i++) {
            program.add(GuestOp.memory(GuestOp.READ, guestEntries() + 8L * (i & MOST_ENTRIES - 1), 8));
        }
    }

    /** Where it sees its own tables, one page as another. */
    public long ownEntries() {
        return layout.data();
    }

    /** Where it sees a guest's. */
    public long guestEntries() {
        return layout.data() + RootSpace.PAGE_BYTES;
    }

    /** Entries of registered tables are changed: each with what is known of the frames that it led to and leads to. */
    public void addUpdates(Program program, int entries) {
        addTableReads(program, entries * READS_OF_UPDATE);
        addTableEdits(program, entries * EDITS_OF_UPDATE);
    }

    /** All entries of a page are looked at. */
    public void addValidation(Program program, int tables) {
        addTableReads(program, tables * MOST_ENTRIES);
    }

    /** A page of the guest's is cleared, line by line. */
    public void addClear(Program program) {
        addTableEdits(program, RootSpace.PAGE_BYTES / LINE_BYTES);
    }

    /** The code that does what a device would, or drives one. */
    public void addDevices(Program program) {
        RootSpace.addFetches(program, text(TEXT_PAGES), DEVICE_PAGES);
    }

    /** Bytes are copied, line by line: at most as many as a page has. */
    public void addCopy(Program program, int bytes) {
        program.add(GuestOp.wide(GuestOp.READ, bytes), layout.data() + RootSpace.PAGE_BYTES);
        program.add(GuestOp.wide(GuestOp.WRITE, bytes), layout.data());
        program.add(GuestOp.work(2L * ((bytes - 1) / LINE_BYTES)));
    }

    /** Translations of a guest are dropped. */
    public void addInvvpid(Program program) {
        program.add(GuestOp.instruction(Instruction.INVVPID, 0, 0));
    }

    /** An interrupt that reaches the host itself, in root mode: no exit, and the handler's page alone. */
    void addInterrupt(Program program) {
        RootSpace.addFetches(program, text(FIRST_REASON_PAGE + ExitReason.EXTERNAL_INTERRUPT.number()), 1);
        addEndOfInterrupt(program);
    }

    /** The host has handled the interrupt that it has taken. */
    public void addEndOfInterrupt(Program program) {
        program.add(GuestOp.instructionWithValue(Instruction.WRMSR, 0, ApicMsr.END_OF_INTERRUPT), 0);
    }

    /** Nothing is done until the time-stamp counter has that value. */
    public void addWait(Program program, long tsc) {
        program.add(GuestOp.instructionWithValue(Instruction.TPAUSE, 0, 0), tsc);
    }

    public void addResume(Program program) {
        program.add(GuestOp.instruction(Instruction.VMRESUME, 0, 0));
    }

    /** Where the hypervisor keeps what a virtual processor believes its registers to be, and its control structure. */
    public long stateOf(int vcpu) {
        return layout.data() + (long) (HOST_DATA_PAGES + VCPU_DATA_PAGES * vcpu) * RootSpace.PAGE_BYTES;
    }

    private long text(int page) {
        return layout.text() + (long) page * RootSpace.PAGE_BYTES;
    }
}
