package hvsim.vmm.kernel;

import hvsim.cpu.KernelEvent;
import hvsim.tlb.Snapshot;

/** What a virtual processor's kernel is in the middle of, between two of its programs. */
final class Call {
    /** How far it has come. */
    enum Stage {
        /** It waits for a lock, or has just got it. */
        LOCK,
        /** The process's child ends: its address space was entered. */
        EMPTY_CHILD,
        /** Nothing is left in it. */
        LEAVE_CHILD,
        /** It was left. */
        END_CHILD,
        /** The tables were changed, and others may have to drop translations. */
        ANSWERS
    }

    private static final Stage[] STAGES = Stage.values();

    private final LongStack newPages = new LongStack();
    private KernelEvent event = KernelEvent.MAP;
    private Stage stage = Stage.LOCK;
    private long gva;
    private int process;

    void begin(KernelEvent what, long address, int ofProcess) {
        event = what;
        gva = address;
        process = ofProcess;
        stage = Stage.LOCK;
        newPages.clear();
    }

    KernelEvent event() {
        return event;
    }

    /** The page it is about. */
    long gva() {
        return gva;
    }

    /** Whose address space it changes; of FORK, EXEC and EXIT the parent's. */
    int process() {
        return process;
    }

    Stage stage() {
        return stage;
    }

    void next(Stage to) {
        stage = to;
    }

    /** Pages that the program touches as soon as it has them. */
    LongStack newPages() {
        return newPages;
    }

    void transfer(Snapshot snapshot) {
        newPages.transfer(snapshot);
        event = KernelEvent.byNumber(snapshot.transfer(event.ordinal()));
        stage = STAGES[snapshot.transfer(stage.ordinal())];
        gva = snapshot.transfer(gva);
        process = snapshot.transfer(process);
    }
}
