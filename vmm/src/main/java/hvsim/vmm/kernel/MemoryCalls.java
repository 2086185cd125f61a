package hvsim.vmm.kernel;

import hvsim.cpu.KernelEvent;
import hvsim.cpu.instruction.Instruction;
import hvsim.ept.GuestEntry;
import hvsim.tlb.Snapshot;

/**
 * Calls that change address spaces, page faults, and work under the kernel's lock, in stages: what has to wait ends its
 * program with CONTINUE, which asks for the next.
 *
 * <pre>
 *   LOCK -> (a child ends: EMPTY_CHILD -> LEAVE_CHILD -> END_CHILD) -> change -> ANSWERS -> unlock
 *    ^ PAUSE, look                                                       ^ PAUSE, look
 * </pre>
 *
 * Faults do not take the lock of the address space, but wait for who has it.
 */
final class MemoryCalls {
    /** Some 50 milliseconds of a processor. */
    private static final long MOST_LOOKS = 1 << 20;

    private final KernelSpec spec;
    private final Processes processes;
    private final GuestFrames frames;
    private final SpinLocks locks;
    private final Shootdown shootdown;
    private final TableEdits edits;
    private final ProcessSwitch processSwitch;
    private final KernelPrograms programs;
    private final Call[] calls;

    /** How often each has looked in vain, for answers or at a lock. */
    private final long[] looks;

    MemoryCalls(
            KernelSpec spec,
            Processes processes,
            GuestFrames frames,
            Shootdown shootdown,
            TableEdits edits,
            ProcessSwitch processSwitch,
            KernelPrograms programs,
            int vcpus) {
        this.spec = spec;
        this.processes = processes;
        this.frames = frames;
        this.locks = new SpinLocks(processes.most());
        this.shootdown = shootdown;
        this.edits = edits;
        this.processSwitch = processSwitch;
        this.programs = programs;
        this.looks = new long[vcpus];
        this.calls = new Call[vcpus];
        for (int vcpu = 0; vcpu < vcpus; vcpu++) {
            calls[vcpu] = new Call();
        }
    }

    void begin(int vcpu, KernelEvent event, long gva) {
        calls[vcpu].begin(event, gva & -frames.page().bytes(), processes.current(vcpu));
        goOn(vcpu);
    }

    void goOn(int vcpu) {
        Call call = calls[vcpu];
        switch (call.stage()) {
            case LOCK -> lock(vcpu, call);
            case EMPTY_CHILD -> emptyChild(vcpu, call);
            case LEAVE_CHILD -> leaveChild(vcpu, call);
            case END_CHILD -> endChild(vcpu, call);
            case ANSWERS -> lookForAnswers(vcpu, call);
        }
    }

    private int lockOf(Call call) {
        return call.event() == KernelEvent.LOCK ? locks.ofKernel() : call.process();
    }

    private void lock(int vcpu, Call call) {
        int lock = lockOf(call);
        KernelCode code = programs.push(vcpu);
        if (call.event() == KernelEvent.PAGE_FAULT) {
            code.instruction(Instruction.STI);
        }
        if (call.event() == KernelEvent.PAGE_FAULT ? !locks.isFree(lock) : !locks.take(lock, vcpu)) {
            looks[vcpu]++;
            code.lookAtLock(lock).then(KernelEvent.CONTINUE);
            return;
        }
        looks[vcpu] = 0;
        if (call.event() == KernelEvent.PAGE_FAULT) {
            resolve(vcpu, call, code);
        } else {
            code.takeLock(lock);
            underLock(vcpu, call, code);
        }
    }

    private void underLock(int vcpu, Call call, KernelCode code) {
        AddressSpace child = processes.space(processes.child(call.process()));
        boolean endsChild = switch (call.event()) {
            case FORK, EXEC, EXIT -> child.exists();
            default -> false;
        };
        if (endsChild) {
            call.next(Call.Stage.EMPTY_CHILD);
            processSwitch.begin(vcpu, processes.child(call.process()), true, code);
        } else {
            change(vcpu, call, code);
        }
    }

    private void emptyChild(int vcpu, Call call) {
        KernelCode code = programs.push(vcpu);
        code.path(call.event() == KernelEvent.EXEC ? Path.EXEC : Path.EXIT);
        Flush flush = shootdown.of(vcpu);
        flush.start(processes.child(call.process()));
        edits.empty(processes.space(flush.process()), flush, code);
        shootdown.begin(vcpu, code);
        call.next(Call.Stage.LEAVE_CHILD);
        code.then(KernelEvent.CONTINUE);
    }

    private void leaveChild(int vcpu, Call call) {
        shootdown.dropped(vcpu);
        shootdown.of(vcpu).release(frames);
        call.next(Call.Stage.END_CHILD);
        processSwitch.begin(vcpu, call.process(), true, programs.push(vcpu));
    }

    private void endChild(int vcpu, Call call) {
        if (call.event() == KernelEvent.EXEC) {
            finish(vcpu, call);
            return;
        }
        AddressSpace child = processes.space(processes.child(call.process()));
        KernelCode code = programs.push(vcpu).oldRoot(child.root());
        code.settle();
        child.end();
        if (call.event() == KernelEvent.FORK) {
            change(vcpu, call, code);
        } else {
            leave(call, code);
        }
    }

    /** The tables are changed; the code drops what is wrong now, here and elsewhere. */
    private void change(int vcpu, Call call, KernelCode code) {
        AddressSpace space = processes.space(call.process());
        Flush flush = shootdown.of(vcpu);
        flush.start(call.process());
        switch (call.event()) {
            case MAP -> map(vcpu, call, space, code.path(Path.MAP));
            case UNMAP -> unmap(vcpu, call, space, code.path(Path.UNMAP));
            case PROTECT -> protect(call, space, flush, code.path(Path.PROTECT));
            case FORK ->
                edits.fork(space, processes.space(processes.child(call.process())), flush, code.path(Path.FORK));
            case EXEC -> edits.empty(space, flush, code.path(Path.EXEC));
            case EXIT -> edits.empty(space, flush, code.path(Path.EXIT));
            case LOCK -> code.path(Path.LOCKED).work(spec.lockHoldCycles());
            default -> throw new IllegalStateException(call.event() + " changes no tables");
        }
        shootdown.begin(vcpu, code);
        call.next(Call.Stage.ANSWERS);
        code.then(KernelEvent.CONTINUE);
    }

    private void map(int vcpu, Call call, AddressSpace space, KernelCode code) {
        for (int i = 0; i < spec.pages(); i++) {
            long gva = space.areas(vcpu).add();
            edits.map(space, gva, code);
            call.newPages().push(gva);
        }
    }

    private void unmap(int vcpu, Call call, AddressSpace space, KernelCode code) {
        Flush flush = shootdown.of(vcpu);
        Areas areas = space.areas(vcpu);
        boolean isProgram = areas.isEmpty();
        for (int i = 0; i < spec.pages() && (isProgram || !areas.isEmpty()); i++) {
            long gva = isProgram ? call.gva() + i * frames.page().bytes() : areas.takeOldest();
            edits.unmap(space, gva, flush, code);
        }
    }

    private void protect(Call call, AddressSpace space, Flush flush, KernelCode code) {
        for (int i = 0; i < spec.pages(); i++) {
            edits.protect(space, call.gva() + i * frames.page().bytes(), flush, code);
        }
    }

    /** A missing page is mapped, a page that may not be written becomes writable; or another has done it meanwhile. */
    private void resolve(int vcpu, Call call, KernelCode code) {
        AddressSpace space = processes.space(call.process());
        code.path(Path.PAGE_FAULT);
        long entry = space.leaf(call.gva());
        if (!GuestEntry.isPresent(entry)) {
            edits.map(space, call.gva(), code);
            code.settle();
        } else if ((entry & GuestEntry.WRITE) == 0) {
            allowWrites(vcpu, call, space, entry, code);
        }
    }

    private void allowWrites(int vcpu, Call call, AddressSpace space, long entry, KernelCode code) {
        if (frames.users(frames.page().address(entry)) == 1) {
            edits.allowWrites(space, call.gva(), code);
            code.settle();
            return;
        }
        Flush flush = shootdown.of(vcpu);
        flush.start(call.process());
        edits.copyPage(space, call.gva(), flush, code.path(Path.COPY));
        shootdown.begin(vcpu, code);
        call.next(Call.Stage.ANSWERS);
        code.then(KernelEvent.CONTINUE);
    }

    private void lookForAnswers(int vcpu, Call call) {
        shootdown.dropped(vcpu);
        if (shootdown.isDone(vcpu)) {
            looks[vcpu] = 0;
            finish(vcpu, call);
        } else {
            if (++looks[vcpu] % MOST_LOOKS == 0) {
                checkThatAnswersCanCome(vcpu);
            }
            programs.push(vcpu).lookForAnswers().then(KernelEvent.CONTINUE);
        }
    }

    /** Who has interrupts off, and has long waited itself, does not answer. */
    private void checkThatAnswersCanCome(int vcpu) {
        for (int target = 0; target < calls.length; target++) {
            boolean waitsToo = looks[target] > MOST_LOOKS / 2 && programs.hasInterruptsOff(target);
            if (waitsToo && shootdown.owesAnswer(vcpu, target)) {
                throw new StuckException("virtual processor " + vcpu + " waits for " + target
                        + " to drop a translation, which has its interrupts off and waits itself");
            }
        }
    }

    private void finish(int vcpu, Call call) {
        shootdown.of(vcpu).release(frames);
        if (call.event() == KernelEvent.PAGE_FAULT) {
            return;
        }
        leave(call, programs.push(vcpu));
    }

    private void leave(Call call, KernelCode code) {
        locks.release(lockOf(call));
        code.releaseLock(lockOf(call));
        while (!call.newPages().isEmpty()) {
            code.write(call.newPages().pop());
        }
    }

    void transfer(Snapshot snapshot) {
        locks.transfer(snapshot);
        snapshot.transfer(looks);
        for (Call call : calls) {
            call.transfer(snapshot);
        }
    }
}
