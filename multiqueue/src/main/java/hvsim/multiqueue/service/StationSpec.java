package hvsim.multiqueue.service;

/**
 * A back end's shape.
 *
 * @param channels requests served at the same time
 * @param depth requests in service and waiting, together
 */
public record StationSpec(int channels, int depth, ServiceTime time) {
    public StationSpec {
        if (channels < 1 || depth < channels || depth > 1 << 20) {
            throw new IllegalArgumentException("a back end has 1 channel or more and a depth from that up to 2^20, not "
                    + channels + " and " + depth);
        }
    }
}
