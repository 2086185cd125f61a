package hvsim.cpu;

import hvsim.ept.PhysicalMemory;
import hvsim.ept.WalkStats;
import hvsim.tlb.Invalidation;
import hvsim.tlb.Snapshot;
import hvsim.tlb.Tlb;
import hvsim.tlb.TlbStats;

/**
 * A logical processor: it executes the programs of one virtual processor at a time, and the hypervisor's in
 * root mode, and keeps the time.
 *
 * <p>The common case is {@link #references}: plain memory references that hit the TLB's front. Everything else
 * leaves that loop, and what a core cannot settle by itself (an exit to handle, a fault for the guest's
 * kernel) leaves {@link #run} with a {@link RunOutcome}.
 */
public final class Core {
    private static final int PAGE_BYTES = 4096;
    private static final long MOST_AT_ONCE = 1 << 30;
    private static final int GVA_TOP = 64 - GuestOp.SIZE_SHIFT;

    private final Mmu mmu;
    private final InstructionUnit instructions;
    private final Transitions transitions;
    private final CostModel costs;
    private final int operationCycles;

    private Vcpu vcpu;
    private long clock;
    private RunOutcome outcome = RunOutcome.UNTIL;
    private KernelEvent requestedEvent = KernelEvent.PROCESS_SWITCH;
    private int requestedOperand;
    private long requestedGva;
    private int requestedVector;

    public Core(CoreSpec spec, PhysicalMemory memory) {
        this.costs = spec.costs();
        this.operationCycles = costs.operation();
        this.mmu = new Mmu(memory, spec.tlb(), spec.walk(), costs.walkReference());
        this.transitions = new Transitions(this, mmu, costs);
        this.instructions = new InstructionUnit(this, mmu, transitions, memory, costs);
        this.vcpu = new Vcpu("none", new NoProgram());
    }

    /** Cycles since power-up. */
    public long clock() {
        return clock;
    }

    public Mmu mmu() {
        return mmu;
    }

    public Transitions transitions() {
        return transitions;
    }

    public Vcpu vcpu() {
        return vcpu;
    }

    /** Runs a virtual processor from now on: its VMCS is the current one, or it is the bare processor itself. */
    public void load(Vcpu next) {
        vcpu = next;
    }

    /** What the program asked of its kernel, after KERNEL_EVENT. */
    public KernelEvent requestedEvent() {
        return requestedEvent;
    }

    public int requestedOperand() {
        return requestedOperand;
    }

    /** Page to map, after PREMAP; the faulting address, after EXCEPTION. */
    public long requestedGva() {
        return requestedGva;
    }

    /** Vector of the exception that the guest's kernel got, after EXCEPTION. */
    public int requestedVector() {
        return requestedVector;
    }

    /** The hypervisor does an instruction's work for the guest that exited on it, and goes past it. */
    public void emulate(Instruction instruction, int operand, long value) {
        instructions.perform(instruction, operand, value);
        vcpu.skipOperation();
    }

    /** Executes until there is something to do for others, or the clock reaches {@code until}. */
    public RunOutcome run(long until) {
        outcome = RunOutcome.UNTIL;
        boolean goesOn = true;
        while (goesOn && clock < until) {
            long limit = transitions.limit(until);
            if (clock >= limit) {
                goesOn = transitions.timeEvent();
            } else {
                goesOn = execute(limit);
            }
        }
        return outcome;
    }

    private boolean execute(long limit) {
        Program program = transitions.isRoot() ? transitions.hostProgram() : vcpu.current();
        if (program.isDone()) {
            return come(RunOutcome.PROGRAM_END);
        }
        mmu.enterPrivilege(transitions.isRoot() ? transitions.hostRegisters() : vcpu.registers(), cpl());
        if (!references(program, limit)) {
            return stopped();
        }
        if (program.isDone() || clock >= limit) {
            return true;
        }
        return special(program, program.words[program.position]);
    }

    private int cpl() {
        return transitions.isRoot() ? 0 : vcpu.cpl();
    }

    /**
     * Plain references until the program ends, another kind of word comes, or the clock reaches {@code limit}.
     * Returns false if an access was stopped; the program then stands at it.
     */
    private boolean references(Program program, long limit) {
        long[] words = program.words;
        long[] front = mmu.front();
        int[] needs = mmu.needs();
        long tag = mmu.frontTag();
        int first = program.position;
        int i = first;
        int end = (int) Math.min(program.length, i + operationsUntil(limit));
        long dataLookups = 0;
        boolean translated = true;
        for (; i < end; i++) {
            long word = words[i];
            if (word < 0) {
                break;
            }
            int kind = (int) (word >>> GuestOp.KIND_SHIFT);
            int side = kind + 3 >>> 2;
            dataLookups += side;
            int at = side << Tlb.FRONT_SIDE_SHIFT | (int) (word >>> 11) & 126;
            int need = needs[kind];
            int last = ((int) word & PAGE_BYTES - 1) + ((int) (word >>> GuestOp.SIZE_SHIFT) & 15);
            // the low 57 bits without the offset, moved to where keys have the page number
            if (front[at] != (word << GVA_TOP & -1L << 19 | tag)
                    || ((int) front[at + 1] & need) != need
                    || last >= PAGE_BYTES) {
                translated = accessPages(kind, GuestOp.gva(word), last / PAGE_BYTES + 1);
                long now = clock + (long) (i + 1 - first) * operationCycles;
                if (!translated) {
                    break;
                }
                end = (int) Math.min(end, i + 1 + operationsBetween(now, limit));
            }
        }
        count(program, first, i, dataLookups, translated ? 0 : 1);
        return translated;
    }

    private long operationsUntil(long limit) {
        return operationsBetween(clock, limit);
    }

    /** Operations that start before {@code limit}: at most this many fit. */
    private long operationsBetween(long now, long limit) {
        long left = Math.min(Math.max(limit - now, 0), MOST_AT_ONCE);
        return operationCycles == 1 ? left : (left + operationCycles - 1) / operationCycles;
    }

    private void count(Program program, int first, int end, long dataLookups, int stoppedLookups) {
        int done = end - first;
        program.position = end;
        vcpu.retire(program, done);
        boolean root = transitions.isRoot();
        vcpu.countLookups(root, Tlb.DATA_SIDE, dataLookups);
        vcpu.countLookups(root, Tlb.FETCH_SIDE, done + stoppedLookups - dataLookups);
        spendWork((long) done * operationCycles);
    }

    /** An access that the front did not answer, page by page in ascending order. */
    private boolean accessPages(int kind, long gva, int pages) {
        int side = kind == GuestOp.FETCH ? Tlb.FETCH_SIDE : Tlb.DATA_SIDE;
        for (int page = 0; page < pages; page++) {
            long address = page == 0 ? gva : (gva & -PAGE_BYTES) + (long) page * PAGE_BYTES & GuestOp.GVA_MASK;
            boolean translated = mmu.access(kind, address);
            spendStall();
            if (page > 0) {
                vcpu.countLookups(transitions.isRoot(), side, 1);
            }
            if (!translated) {
                requestedGva = address;
                return false;
            }
        }
        return true;
    }

    private void spendStall() {
        spend(CyclePart.TLB_SECOND_LEVEL, mmu.secondLevelCycles());
        spend(CyclePart.GUEST_WALK, mmu.guestWalkCycles());
        spend(CyclePart.SECOND_STAGE_WALK, mmu.secondStageCycles());
    }

    private boolean stopped() {
        return switch (mmu.walk().outcome()) {
            case EPT_VIOLATION, EPT_MISCONFIGURATION -> transitions.exitOnSecondStage(requestedGva, mmu.walk());
            case NON_CANONICAL -> raise(Exceptions.GENERAL_PROTECTION, 0, requestedGva);
            case PAGE_FAULT, TRANSLATED ->
                raise(Exceptions.PAGE_FAULT, mmu.walk().errorCode(), requestedGva);
        };
    }

    /** An exception: exits by the bitmap, else goes to the guest's kernel. */
    boolean raise(int vector, int errorCode, long gva) {
        requestedGva = gva;
        if (transitions.isRoot()) {
            throw new IllegalStateException("the hypervisor's own program faults at " + Long.toHexString(gva));
        }
        if (vector == Exceptions.PAGE_FAULT) {
            mmu.invalidate(Invalidation.pageFault(mmu.vpid(), mmu.pcid(), gva));
        }
        if (transitions.isNonRoot() && Exceptions.exits(vector, errorCode, vcpu.vmcs())) {
            return transitions.exitOnException(vector, errorCode, gva);
        }
        deliver(vector, gva);
        return false;
    }

    /** The guest's kernel gets an exception; {@link #run} comes back with EXCEPTION. */
    void deliver(int vector, long gva) {
        vcpu.registers().cr2 = vector == Exceptions.PAGE_FAULT ? gva : vcpu.registers().cr2;
        vcpu.observations().addException(vcpu.allOperations(), vector, gva);
        vcpu.countFault(vector);
        spend(CyclePart.GUEST_WORK, costs.pageFault());
        requestedGva = gva;
        requestedVector = vector;
        outcome = RunOutcome.EXCEPTION;
    }

    private boolean special(Program program, long word) {
        return switch (GuestOp.kind(word)) {
            case GuestOp.WIDE -> wide(program, word);
            case GuestOp.INSTRUCTION -> instructions.execute(program, word);
            case GuestOp.EVENT -> event(program, word);
            case GuestOp.PSEUDO -> pseudo(program, word);
            default -> throw new IllegalStateException("a plain reference is not special");
        };
    }

    private boolean wide(Program program, long word) {
        long gva = GuestOp.gva(program.words[program.position + 1]);
        int pages = (int) ((gva & PAGE_BYTES - 1) + GuestOp.wideSizeBytes(word) - 1 >>> 12) + 1;
        int kind = GuestOp.wideAccess(word);
        vcpu.countLookups(transitions.isRoot(), kind == GuestOp.FETCH ? Tlb.FETCH_SIDE : Tlb.DATA_SIDE, 1);
        if (!accessPages(kind, gva, pages)) {
            return stopped();
        }
        complete(program, word, operationCycles);
        return true;
    }

    private boolean event(Program program, long word) {
        requestedEvent = KernelEvent.byNumber(GuestOp.number(word));
        requestedOperand = GuestOp.operand(word);
        complete(program, word, operationCycles);
        return come(RunOutcome.KERNEL_EVENT);
    }

    private boolean pseudo(Program program, long word) {
        program.position++;
        if (GuestOp.isPremap(word)) {
            requestedGva = GuestOp.gva(word);
            return come(RunOutcome.PREMAP);
        }
        if (GuestOp.isMark(word)) {
            return come(RunOutcome.MARK);
        }
        spendWork(GuestOp.workCycles(word));
        return true;
    }

    /** Goes past an operation that was done. */
    void complete(Program program, long word, long cycles) {
        program.position += GuestOp.words(word);
        vcpu.retire(program, 1);
        spendWork(cycles);
    }

    /** Leaves {@link #run}. */
    boolean come(RunOutcome why) {
        outcome = why;
        return false;
    }

    void spendWork(long cycles) {
        spend(CyclePart.GUEST_WORK, cycles);
    }

    /** Time passes; in root mode all but the transitions is the hypervisor's. */
    void spend(CyclePart part, long cycles) {
        clock += cycles;
        boolean hypervisor = transitions.isRoot() && part != CyclePart.TRANSITIONS;
        vcpu.spend(hypervisor ? CyclePart.HYPERVISOR : part, cycles);
    }

    public TlbStats tlbStats() {
        return mmu.tlb().stats();
    }

    public WalkStats walkStats() {
        return mmu.walkStats();
    }

    /** Walks that only had to renew rights or the dirty flag of a cached translation. */
    public long rewalks() {
        return mmu.rewalks();
    }

    /** Writes or reads all state of the core; virtual processors are transferred by their owner. */
    public void transfer(Snapshot snapshot) {
        clock = snapshot.transfer(clock);
        mmu.transfer(snapshot);
        transitions.transfer(snapshot);
    }

    /** In place of a workload while no virtual processor is loaded. */
    private static final class NoProgram implements OpStream {
        @Override
        public int fill(long[] batch) {
            return 0;
        }

        @Override
        public long[] position() {
            return new long[0];
        }

        @Override
        public void seek(long[] position) {
            // nowhere to go
        }
    }
}
