package hvsim.ept.cache;

/**
 * The shape of one level.
 *
 * @param sizeBytes 0 if there is no such level
 * @param ways lines of one set
 * @param hitCycles latency of a reference that it serves, from the reference's start
 */
public record CacheSpec(long sizeBytes, int ways, int hitCycles) {
    public static final int LINE_BYTES = 64;

    public static final long MOST_BYTES = 1L << 30;

    /** The remainder of any line by so many is found exactly, see {@link LineCache}. */
    public static final int MOST_SETS = 1 << 18;

    public CacheSpec {
        if (sizeBytes < 0 || sizeBytes > MOST_BYTES || hitCycles < 0) {
            throw new IllegalArgumentException("no cache: " + sizeBytes + " bytes, " + hitCycles + " cycles");
        }
        if (sizeBytes > 0 && !isWhole(sizeBytes, ways)) {
            throw new IllegalArgumentException(
                    sizeBytes + " bytes in " + ways + " ways is no whole number of at most " + MOST_SETS + " sets");
        }
    }

    /** Whether so many bytes are a whole number of sets of so many lines, and not too many. */
    public static boolean isWhole(long sizeBytes, int ways) {
        long setBytes = (long) ways * LINE_BYTES;
        return ways > 0 && sizeBytes % setBytes == 0 && sizeBytes / setBytes <= MOST_SETS;
    }

    int sets() {
        return sizeBytes == 0 ? 1 : (int) (sizeBytes / LINE_BYTES / ways);
    }
}
