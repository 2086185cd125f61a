package hvsim.ept;

/** Where software finds the entries of tables, by their machine addresses. */
public interface TableEntries {
    /** The entry at {@code hpa}, a multiple of 8. */
    long read(long hpa);

    void write(long hpa, long entry);
}
