package hvsim.tlb;

/** Kinds of access to memory, as numbers that packed words and tables use. */
public final class AccessKind {
    public static final int FETCH = 0;
    public static final int READ = 1;
    public static final int WRITE = 2;

    /** One access that reads and writes. */
    public static final int MODIFY = 3;

    /** How many there are. */
    public static final int COUNT = 4;

    private AccessKind() {}
}
