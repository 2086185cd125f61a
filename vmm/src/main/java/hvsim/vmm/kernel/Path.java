package hvsim.vmm.kernel;

/**
 * What the kernel does, and the pages of text and data that it goes through: assumed, short paths.
 */
enum Path {
    PAGE_FAULT(0, 5, 4),
    PROCESS_SWITCH(5, 4, 5),
    EXCEPTION(9, 2, 2),
    SYSCALL(11, 2, 2),
    MAP(13, 4, 4),
    UNMAP(17, 4, 4),
    PROTECT(21, 3, 4),
    FORK(24, 8, 8),
    EXEC(32, 8, 8),
    EXIT(40, 6, 6),
    COPY(46, 3, 3),
    FLUSH(49, 2, 2),
    TICK(51, 4, 4),
    LOCKED(55, 1, 2),
    PATCH(56, 2, 2),
    CALL(58, 2, 0),
    WRITE_ENTRY(60, 1, 0),
    DEVICE_INTERRUPT(61, 2, 2),
    RECEIVE(63, 6, 4),
    SEND(69, 4, 4);

    private final int firstPage;
    private final int textPages;
    private final int dataPages;

    Path(int firstPage, int textPages, int dataPages) {
        this.firstPage = firstPage;
        this.textPages = textPages;
        this.dataPages = dataPages;
    }

    /** Of all paths together. */
    static int pages() {
        Path[] all = values();
        return all[all.length - 1].firstPage + all[all.length - 1].textPages;
    }

    int firstPage() {
        return firstPage;
    }

    int textPages() {
        return textPages;
    }

    int dataPages() {
        return dataPages;
    }
}
