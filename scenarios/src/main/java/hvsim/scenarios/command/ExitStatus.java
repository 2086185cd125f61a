package hvsim.scenarios.command;

/** What the process says to its caller. */
final class ExitStatus {
    static final int DONE = 0;
    /** Something that was checked is not so. */
    static final int NOT_SO = 1;
    /** The command line, the scenario or a trace is wrong; nothing was written. */
    static final int WRONG_INPUT = 2;
    /** Disk full, out of memory, or the time limit was reached. */
    static final int UNFINISHED = 3;
    /** A fault of hvsim itself. */
    static final int INTERNAL = 4;

    private ExitStatus() {}
}
