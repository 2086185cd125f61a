package hvsim.multiqueue.steering;

/** What of a flow enters its hash. */
public enum FlowKind {
    NO_IP(0, false),
    IPV4(4, false),
    IPV4_PORTS(4, true),
    IPV6(16, false),
    IPV6_PORTS(16, true);

    private final int addressBytes;
    private final boolean ports;

    FlowKind(int addressBytes, boolean ports) {
        this.addressBytes = addressBytes;
        this.ports = ports;
    }

    boolean isIpv6() {
        return addressBytes == 16;
    }

    boolean isIp() {
        return addressBytes != 0;
    }

    boolean hasPorts() {
        return ports;
    }

    FlowKind withoutPorts() {
        return switch (this) {
            case NO_IP -> NO_IP;
            case IPV4, IPV4_PORTS -> IPV4;
            case IPV6, IPV6_PORTS -> IPV6;
        };
    }
}
