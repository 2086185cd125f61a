package hvsim.ept;

/** The page-modification log (SDM vol. 3, 28.2.5): a page of 512 addresses, filled from its end. */
final class NaiveLog {
    private static final long OFF = -1;

    private final long hpa;

    /** 16 bits: the entry to be written next; above 511 there is none. */
    int index;

    NaiveLog(long hpa, int index) {
        this.hpa = hpa;
        this.index = index;
    }

    static NaiveLog off() {
        return new NaiveLog(OFF, 0);
    }

    boolean isKept() {
        return hpa != OFF;
    }

    /** What the processor is told of it as it enters the guest. */
    void enter(DirtyLog processor) {
        processor.enter(isKept(), isKept() ? hpa : 0, index);
    }

    void add(NaiveMemory memory, long gpa) {
        if (isKept()) {
            memory.write(hpa + 8L * index, gpa & -4096);
            index = index - 1 & 0xFFFF;
        }
    }
}
