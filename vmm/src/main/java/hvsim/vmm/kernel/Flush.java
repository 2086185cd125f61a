package hvsim.vmm.kernel;

import hvsim.tlb.Snapshot;

/** Translations of one process that one change of its tables made wrong, and the frames that wait until they are gone. */
final class Flush {
    private static final long TABLE = 1;

    private final LongStack addresses = new LongStack();
    private final LongStack frames = new LongStack();
    private int process;
    private long generation;
    private long reached;

    void start(int ofProcess) {
        process = ofProcess;
        addresses.clear();
    }

    void addPage(long gva) {
        addresses.push(gva);
    }

    /** The page's frame has one user less when the flush is over. */
    void releasePage(long gpa) {
        frames.push(gpa);
    }

    /** The table is free when the flush is over. */
    void releaseTable(long gpa) {
        frames.push(gpa | TABLE);
    }

    boolean isEmpty() {
        return addresses.isEmpty();
    }

    int pages() {
        return addresses.size();
    }

    int process() {
        return process;
    }

    long generation() {
        return generation;
    }

    /** No more comes: it is one change of the address space. */
    void seal(Processes processes) {
        processes.space(process).change();
        generation = processes.space(process).generation();
    }

    /** The last change that who asks for it has heard of when it has dropped its own translations. */
    void reaches(long ofGeneration) {
        reached = ofGeneration;
    }

    long reached() {
        return reached;
    }

    void invalidate(KernelCode code) {
        for (int i = 0; i < addresses.size(); i++) {
            code.invalidate(addresses.get(i));
        }
    }

    /** The translations are gone everywhere. */
    void release(GuestFrames memory) {
        while (!frames.isEmpty()) {
            long frame = frames.pop();
            if ((frame & TABLE) != 0) {
                memory.giveTable(frame & ~TABLE);
            } else {
                memory.leavePage(frame);
            }
        }
    }

    void transfer(Snapshot snapshot) {
        addresses.transfer(snapshot);
        frames.transfer(snapshot);
        process = snapshot.transfer(process);
        generation = snapshot.transfer(generation);
        reached = snapshot.transfer(reached);
    }
}
