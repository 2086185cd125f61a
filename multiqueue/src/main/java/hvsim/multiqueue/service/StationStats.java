package hvsim.multiqueue.service;

/**
 * What a {@link ServiceStation} counted.
 *
 * @param lost of those offered: it was full
 * @param waitedCycles between offer and service, of all whose service began
 * @param busyCycles of all channels together, up to the end of the services that began
 */
public record StationStats(long offered, long lost, long done, long waitedCycles, long busyCycles) {
    public StationStats minus(StationStats earlier) {
        return new StationStats(
                offered - earlier.offered,
                lost - earlier.lost,
                done - earlier.done,
                waitedCycles - earlier.waitedCycles,
                busyCycles - earlier.busyCycles);
    }
}
