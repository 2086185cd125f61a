package hvsim.vmm.kernel;

import hvsim.cpu.KernelEvent;
import hvsim.cpu.Vcpu;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.InterruptOperand;
import hvsim.cpu.state.Registers;
import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.ept.TableLayout;
import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.nic.FrameTimes;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.MemoryTechnique;
import hvsim.vmm.memory.RegisterWindow;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A guest's kernel: it keeps the tables of the guest's processes, and answers faults, interrupts and events with
 * programs of its own, which run at CPL 0 on the virtual processor that they came from.
 */
public final class GuestKernel implements Kernel {
    private static final int PAGE_FAULT = 14;
    private static final int FRAME_SHIFT = 12;

    private final KernelSpec spec;
    private final List<Vcpu> vcpus;
    private final MemoryTechnique memory;
    private final GuestFrames frames;
    private final Processes processes;
    private final KernelImage image;
    private final KernelPrograms programs;
    private final Shootdown shootdown;
    private final ProcessSwitch processSwitch;
    private final MemoryCalls calls;
    private final Ticks ticks;
    private final StaleFaults stale;
    private final HostileActs hostile;
    private final EntryWrites entryWrites;

    /** By the numbers of devices. */
    private final Map<Integer, NetworkDriver> drivers = new TreeMap<>();

    /** @param vcpus by their numbers; they share the kernel and its processes */
    public GuestKernel(GuestMemorySpec memorySpec, KernelSpec spec, List<Vcpu> vcpus, MemoryTechnique memory) {
        this(memorySpec, spec, vcpus, memory, new BarePort());
    }

    /**
     * A kernel that was changed before it runs.
     *
     * @param vcpus by their numbers; they share the kernel and its processes
     */
    public GuestKernel(GuestMemorySpec memorySpec, KernelSpec spec, List<Vcpu> vcpus, KernelChange change) {
        this(memorySpec, spec, vcpus, change.memory(), change);
    }

    private GuestKernel(
            GuestMemorySpec memorySpec, KernelSpec spec, List<Vcpu> vcpus, MemoryTechnique memory, KernelPort port) {
        this.spec = spec;
        this.vcpus = List.copyOf(vcpus);
        this.memory = memory;
        frames = new GuestFrames(memorySpec, memory);
        SpaceLayout layout = SpaceLayout.of(memorySpec.mode());
        long flags = KernelImage.flags(spec.globalPages());
        KernelPort.Memory ported = port.memory(frames, layout, flags);
        processes = new Processes(spec, memory, frames, ported.tables(), layout, vcpus.size());
        image = new KernelImage(layout, processes, frames, ported, flags, vcpus.size());
        programs = new KernelPrograms(vcpus, image, port);
        shootdown = new Shootdown(processes, spec.shootdown(), vcpus.size());
        processSwitch = new ProcessSwitch(processes, image, programs, vcpus.size());
        TableEdits edits = new TableEdits(frames, image);
        calls = new MemoryCalls(spec, processes, frames, shootdown, edits, processSwitch, programs, vcpus.size());
        ticks = new Ticks(vcpus, programs, spec.timerCycles());
        stale = new StaleFaults(vcpus);
        hostile = new HostileActs(memorySpec.bytes(), image, vcpus.size());
        entryWrites = new EntryWrites(image, frames);
        ported.tables().makeDescriptors(vcpus.size());
        start(memorySpec.mode());
    }

    private void start(GuestMode mode) {
        processSwitch.create(0);
        image.prepare();
        PageTable table = processes.space(0).table();
        for (int vcpu = 0; vcpu < vcpus.size(); vcpu++) {
            Registers registers = vcpus.get(vcpu).registers();
            mode.boot(registers);
            registers.cr4 |= spec.pcid() ? Registers.CR4_PCIDE : 0;
            registers.cr4 |= table.layout() == TableLayout.FIVE_LEVEL ? Registers.CR4_LA57 : 0;
            registers.cr3 = processes.enter(vcpu, 0) & ~Registers.CR3_KEEP;
            registers.rflags |= Registers.RFLAGS_IF;
            if (registers.usesPdptes()) {
                System.arraycopy(table.entries(0, table.levels()), 0, registers.pdptes, 0, registers.pdptes.length);
            }
            if (vcpus.size() > 1) {
                vcpus.get(vcpu).observations().shareTables();
            }
        }
        ticks.start();
    }

    /** The loader maps a page before the program first touches it, free of charge. */
    @Override
    public void premap(int vcpu, long gva) {
        if (!spec.demandPaging()) {
            processes.currentSpace(vcpu).map(gva, AddressSpace.USED);
        }
    }

    /**
     * An exception or interrupt was delivered.
     *
     * @param gva of a page fault
     * @param fault whether the operation would be tried again
     */
    @Override
    public void exception(int vcpu, int vector, long gva, boolean fault) {
        if (vector == PAGE_FAULT && fault && canResolve(vcpu, gva)) {
            calls.begin(vcpu, KernelEvent.PAGE_FAULT, gva);
        } else if (fault) {
            vcpus.get(vcpu).skipOperation();
            programs.push(vcpu).path(Path.EXCEPTION);
        } else {
            interrupt(vcpu, vector);
        }
    }

    @Override
    public NicCounts drive(NicUse use, long gpa, BusMemory bus, FrameTimes times) {
        long registers = image.mapDevice(use.device(), gpa, RegisterWindow.PAGES);
        NetworkDriver driver = new NetworkDriver(use, programs, frames, bus, registers, times);
        drivers.put(use.device(), driver);
        driver.start();
        return driver.counts();
    }

    private NetworkDriver driver(long device) {
        return Objects.requireNonNull(drivers.get((int) device));
    }

    private void interrupt(int vcpu, int vector) {
        if (drivers.containsKey(vector - Interrupts.FIRST_DEVICE_VECTOR)) {
            driver(vector - Interrupts.FIRST_DEVICE_VECTOR).interrupt(vcpu);
            return;
        }
        switch (vector) {
            case Interrupts.TICK_VECTOR -> tick(vcpu);
            case Interrupts.CALL_VECTOR -> answer(vcpu);
            case Interrupts.EVENT_VECTOR ->
                programs.push(vcpu).path(Path.EXCEPTION).endInterrupt();
            case Interrupts.SYSTEM_CALL_VECTOR -> programs.push(vcpu).path(Path.SYSCALL);
            default -> programs.push(vcpu).path(Path.EXCEPTION);
        }
    }

    /** A kernel without ticks knows nothing of a timer that a program has set. */
    private void tick(int vcpu) {
        if (spec.timerCycles() > 0) {
            ticks.handle(vcpu);
        } else {
            programs.push(vcpu).path(Path.EXCEPTION);
        }
    }

    /**
     * Whether it is a missing page, one that may not be written, or one that another has made writable meanwhile; all
     * others end the operation.
     */
    private boolean canResolve(int vcpu, long gva) {
        long entry = processes.currentSpace(vcpu).leaf(gva);
        if (!GuestEntry.isPresent(entry)) {
            return !hostile.isForged(gva)
                    && processes.currentSpace(vcpu).table().translate(gva) == PageTable.UNMAPPED;
        }
        return (entry & GuestEntry.USER) != 0 && ((entry & GuestEntry.WRITE) == 0 || stale.isFirst(vcpu, gva));
    }

    /** Others want translations dropped. */
    private void answer(int vcpu) {
        KernelCode code = programs.push(vcpu).path(Path.FLUSH);
        shootdown.handle(vcpu, code);
        code.then(KernelEvent.ANSWER);
    }

    /** The program, or one of the kernel's own, asks for something. */
    @Override
    public void event(int vcpu, KernelEvent event, long operand) {
        switch (event) {
            case PROCESS_SWITCH ->
                processSwitch.begin(vcpu, (int) (operand % processes.count()), false, programs.push(vcpu));
            case PAGE_FAULT ->
                programs.push(vcpu)
                        .write(processes.currentSpace(vcpu).areas(vcpu).add());
            case MAP, UNMAP, PROTECT, FORK, EXEC, EXIT, LOCK -> calls.begin(vcpu, event, operand << FRAME_SHIFT);
            case SYSCALL -> systemCall(vcpu);
            case PATCH -> programs.push(vcpu).path(Path.PATCH).patch(Path.SYSCALL);
            case FOREIGN_FRAME -> hostile.mapForeignFrame(vcpu, programs.push(vcpu));
            case BEYOND_MEMORY -> hostile.mapBeyondMemory(vcpu, programs.push(vcpu));
            case INTERRUPTS_OFF -> HostileActs.keepInterruptsOff(spec.interruptsOffCycles(), programs.push(vcpu));
            case CALL -> programs.push(vcpu).call(operand);
            case WRITE_ENTRY -> entryWrites.write(operand, programs.push(vcpu));
            case CONTINUE -> calls.goOn(vcpu);
            case ENTER_PROCESS -> processSwitch.enter(vcpu);
            case ANSWER -> endAnswer(vcpu);
            case SET_DEADLINE -> ticks.setDeadline(vcpu);
            case DEVICE_CAUSES -> driver(operand).handle(vcpu, vcpus.get(vcpu).registers().rax);
            case DEVICE_POLL -> driver(operand).poll(vcpu);
        }
    }

    private void endAnswer(int vcpu) {
        shootdown.answer(vcpu);
        programs.push(vcpu).endInterrupt();
    }

    private void systemCall(int vcpu) {
        KernelCode code = programs.push(vcpu);
        switch (spec.syscallBy()) {
            case SYSCALL ->
                code.userInstruction(Instruction.SYSCALL, 0)
                        .instruction(Instruction.SWAPGS)
                        .path(Path.SYSCALL)
                        .instruction(Instruction.SWAPGS)
                        .instruction(Instruction.SYSRET);
            case INTERRUPT ->
                code.userInstruction(
                        Instruction.INT_N, new InterruptOperand(Interrupts.SYSTEM_CALL_VECTOR, 3, false, 0).pack());
        }
    }

    /** The program of a virtual processor has ended: it executes nothing any more. */
    @Override
    public void offline(int vcpu) {
        shootdown.offline(vcpu);
    }

    /** Guest-physical memory that was put to use at some time. */
    @Override
    public long usedBytes() {
        return frames.usedBytes();
    }

    /** Bytes of all pages that a process has mapped at present. */
    long pageBytes() {
        return frames.pageBytes();
    }

    @Override
    public void transfer(Snapshot snapshot) {
        frames.transfer(snapshot);
        processes.transfer(snapshot);
        image.transfer(snapshot);
        shootdown.transfer(snapshot);
        processSwitch.transfer(snapshot);
        calls.transfer(snapshot);
        ticks.transfer(snapshot);
        stale.transfer(snapshot);
        hostile.transfer(snapshot);
        entryWrites.transfer(snapshot);
        drivers.values().forEach(driver -> driver.transfer(snapshot));
        memory.transfer(snapshot);
    }
}
