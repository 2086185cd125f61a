package hvsim.scenarios.file;

/** How a program enters its kernel. */
public enum SyscallBy implements Choice {
    /** SYSCALL and SYSRET. */
    SYSCALL("syscall"),
    /** INT 80H and IRET. */
    INTERRUPT("interrupt");

    private final String word;

    SyscallBy(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
