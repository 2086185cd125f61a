package hvsim.cpu;

import hvsim.ept.PhysicalMemory;
import hvsim.ept.WalkStats;
import hvsim.tlb.Front;
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
     * References until the program ends, another kind of word comes, or the clock reaches {@code limit}. Returns
     * false if an access was stopped; the program then stands at it.
     */
    private boolean references(Program program, long limit) {
        long[] words = program.words;
        int first = program.position;
        int i = first;
        int end = (int) Math.min(program.length, i + operationsBetween(clock, limit));
        long fetches = 0;
        int payloads = 0;
        boolean translated = true;
        while (i < end) {
            long scanned = scan(words, i, end, mmu.front().keys(), mmu.front().tag());
            fetches += scanned >>> 32;
            i = (int) scanned;
            if (i == end) {
                break;
            }
            long word = words[i];
            int kind = GuestOp.kind(word);
            if (kind > GuestOp.WIDE) {
                break;
            }
            if (kind == GuestOp.WIDE) {
                kind = GuestOp.wideAccess(word);
                translated = accessPages(kind, GuestOp.gva(words[i + 1]), GuestOp.wideSizeBytes(word));
                payloads += translated ? 1 : 0;
                i += translated ? 1 : 0;
            } else {
                translated = accessPages(kind, GuestOp.gva(word), GuestOp.sizeBytes(word));
            }
            fetches += kind == GuestOp.FETCH ? 1 : 0;
            if (!translated) {
                break;
            }
            i++;
            long now = clock + (long) (i - first - payloads) * operationCycles;
            end = (int) Math.min(program.length, i + operationsBetween(now, limit));
        }
        count(program, i, i - first - payloads, fetches, translated ? 0 : 1);
        return translated;
    }

    /**
     * The common case by itself: goes past plain references that the front of the TLB answers. Returns the place of
     * the first word that it does not, and in bits 63:32 the fetches before it.
     */
    private static long scan(long[] words, int from, int end, long[] front, long tag) {
        int data = 0;
        int i = from;
        for (; i < end; i++) {
            long word = words[i];
            int kind = (int) (word >>> GuestOp.KIND_SHIFT);
            // with the address of the last byte, so that an access that goes beyond its page finds another key
            long last = word + (word >>> GuestOp.SIZE_SHIFT & GuestOp.MAX_PLAIN_SIZE_BYTES - 1);
            long key = last << GVA_TOP & -1L << Front.PAGE_SHIFT | tag;
            if (front[Front.index(kind, word)] != key) {
                break;
            }
            data += kind + 3 >>> 2;
        }
        return (long) (i - from - data) << 32 | i;
    }

    /** Operations that start before {@code limit}: at most this many fit. */
    private long operationsBetween(long now, long limit) {
        long left = Math.min(Math.max(limit - now, 0), MOST_AT_ONCE);
        return operationCycles == 1 ? left : (left + operationCycles - 1) / operationCycles;
    }

    private void count(Program program, int position, int done, long fetches, int stoppedLookups) {
        program.position = position;
        vcpu.retire(program, done);
        boolean root = transitions.isRoot();
        vcpu.countLookups(root, Tlb.FETCH_SIDE, fetches);
        vcpu.countLookups(root, Tlb.DATA_SIDE, done + stoppedLookups - fetches);
        spendWork((long) done * operationCycles);
    }

    /** An access that the front did not answer, page by page in ascending order. */
    private boolean accessPages(int kind, long gva, int sizeBytes) {
        boolean translated = accessPage(kind, gva);
        long page = gva & -PAGE_BYTES;
        long lastPage = gva + sizeBytes - 1 & -PAGE_BYTES;
        while (translated && page != lastPage) {
            page += PAGE_BYTES;
            vcpu.countLookups(transitions.isRoot(), kind == GuestOp.FETCH ? Tlb.FETCH_SIDE : Tlb.DATA_SIDE, 1);
            translated = accessPage(kind, page & GuestOp.GVA_MASK);
        }
        return translated;
    }

    private boolean accessPage(int kind, long gva) {
        boolean translated = mmu.access(kind, gva);
        if (mmu.hasStalled()) {
            spend(CyclePart.TLB_SECOND_LEVEL, mmu.secondLevelCycles());
            spend(CyclePart.GUEST_WALK, mmu.guestWalkCycles());
            spend(CyclePart.SECOND_STAGE_WALK, mmu.secondStageCycles());
        }
        if (!translated) {
            requestedGva = gva;
        }
        return translated;
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
        vcpu.observations().addException(vcpu.allOperations(), vector, vector == Exceptions.PAGE_FAULT ? gva : 0);
        vcpu.countFault(vector);
        spend(CyclePart.GUEST_WORK, costs.pageFault());
        requestedGva = gva;
        requestedVector = vector;
        outcome = RunOutcome.EXCEPTION;
    }

    private boolean special(Program program, long word) {
        return switch (GuestOp.kind(word)) {
            case GuestOp.INSTRUCTION -> instructions.execute(program, word);
            case GuestOp.EVENT -> event(program, word);
            case GuestOp.PSEUDO -> pseudo(program, word);
            default -> throw new IllegalStateException("a reference is not special");
        };
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
