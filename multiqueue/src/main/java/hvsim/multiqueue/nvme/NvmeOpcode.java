package hvsim.multiqueue.nvme;

/** Commands of the NVM command set. */
public enum NvmeOpcode {
    FLUSH(0),
    WRITE(1),
    READ(2);

    private static final NvmeOpcode[] ALL = values();

    private final int code;

    NvmeOpcode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    boolean movesData() {
        return this != FLUSH;
    }

    /** Of a code that a driver wrote. */
    static boolean isKnown(int code) {
        return code < ALL.length;
    }

    static NvmeOpcode of(int knownCode) {
        return ALL[knownCode];
    }
}
