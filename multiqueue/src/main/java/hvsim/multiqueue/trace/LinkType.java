package hvsim.multiqueue.trace;

/** What a captured packet begins with: the link types that have flows to find. */
enum LinkType {
    NULL(0, 4),
    ETHERNET(1, 14),
    RAW(101, 0),
    LINUX_SLL(113, 16),
    LINUX_SLL2(276, 20);

    private final int number;
    private final int headerBytes;

    LinkType(int number, int headerBytes) {
        this.number = number;
        this.headerBytes = headerBytes;
    }

    int headerBytes() {
        return headerBytes;
    }

    static LinkType of(long number) {
        for (LinkType type : values()) {
            if (type.number == number) {
                return type;
            }
        }
        throw new BadTraceException("the capture has link type " + number
                + "; those that can be read: 0 null, 1 Ethernet, 101 raw IP, 113 and 276 Linux cooked");
    }
}
