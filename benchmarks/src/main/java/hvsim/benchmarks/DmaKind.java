package hvsim.benchmarks;

/** What a device's requests hit: how many pages of 4 KiB they go to, at random. */
public enum DmaKind {
    /** A ring and a buffer. */
    RECENT("the two most recent pages", 2),
    IOTLB("48 pages, which the IOTLB of 64 holds", 48),
    WALK("65,536 pages: nearly each is a walk", 1 << 16);

    private final String title;
    private final int pages;

    DmaKind(String title, int pages) {
        this.title = title;
        this.pages = pages;
    }

    String title() {
        return title;
    }

    int pages() {
        return pages;
    }
}
