package hvsim.multiqueue.steering;

/**
 * Who talks to whom. IPv6 addresses fill both words; an IPv4 address is in the lower 32 bits of the low word.
 */
public record Flow(
        FlowKind kind,
        long sourceHigh,
        long sourceLow,
        long destinationHigh,
        long destinationLow,
        int sourcePort,
        int destinationPort) {

    /** What has no addresses: ARP and other kinds of frames. */
    public static final Flow NONE = new Flow(FlowKind.NO_IP, 0, 0, 0, 0, 0, 0);

    /** TCP or UDP over IPv4. */
    public static Flow ipv4(int source, int sourcePort, int destination, int destinationPort) {
        return new Flow(
                FlowKind.IPV4_PORTS,
                0,
                source & 0xFFFF_FFFFL,
                0,
                destination & 0xFFFF_FFFFL,
                sourcePort,
                destinationPort);
    }

    /** As a receiver hashes it that does not look at ports. */
    public Flow withoutPorts() {
        return new Flow(kind.withoutPorts(), sourceHigh, sourceLow, destinationHigh, destinationLow, 0, 0);
    }
}
