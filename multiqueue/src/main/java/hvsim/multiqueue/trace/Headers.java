package hvsim.multiqueue.trace;

import hvsim.multiqueue.steering.Flow;
import hvsim.multiqueue.steering.FlowKind;
import hvsim.multiqueue.steering.Frame;

/** Finds address, VLAN and flow in the first bytes of a packet. What is not there, or not known, is no flow. */
final class Headers {
    /** Enough for two VLAN tags, the longest IPv4 header or an IPv6 header, and ports. */
    static final int MOST_BYTES = 128;

    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86DD;
    private static final int VLAN = 0x8100;
    private static final int SERVICE_VLAN = 0x88A8;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final Words NETWORK = new Words(true);

    private final byte[] bytes;
    private final int count;
    private int at;
    private int vlan;

    /** @param count bytes that were captured, as far as they are in the array */
    Headers(byte[] bytes, int count) {
        this.bytes = bytes;
        this.count = count;
    }

    Frame frame(LinkType link, int wireBytes) {
        int etherType = skipLink(link);
        Flow flow = flow(etherType);
        return new Frame(wireBytes, destination(link), vlan, flow);
    }

    private long destination(LinkType link) {
        boolean known = link == LinkType.ETHERNET && count >= 6;
        return known ? (long) NETWORK.u16(bytes, 0) << 32 | NETWORK.u32(bytes, 2) : 0;
    }

    /** What protocol follows; 0 if that is not known. */
    private int skipLink(LinkType link) {
        at = link.headerBytes();
        if (count < at) {
            return 0;
        }
        return switch (link) {
            case NULL, RAW -> byVersion();
            case ETHERNET -> skipTags(NETWORK.u16(bytes, 12));
            case LINUX_SLL -> NETWORK.u16(bytes, 14);
            case LINUX_SLL2 -> NETWORK.u16(bytes, 0);
        };
    }

    private int byVersion() {
        int version = count > at ? bytes[at] >> 4 & 0xF : 0;
        return version == 4 ? IPV4 : version == 6 ? IPV6 : 0;
    }

    private int skipTags(int etherType) {
        int type = etherType;
        while ((type == VLAN || type == SERVICE_VLAN) && count >= at + 4) {
            vlan = NETWORK.u16(bytes, at) & 0xFFF;
            type = NETWORK.u16(bytes, at + 2);
            at += 4;
        }
        return type;
    }

    private Flow flow(int etherType) {
        if (etherType == IPV4 && count >= at + 20) {
            return ipv4();
        }
        return etherType == IPV6 && count >= at + 40 ? ipv6() : Flow.NONE;
    }

    private Flow ipv4() {
        int header = 4 * (bytes[at] & 0xF);
        boolean firstFragment = (NETWORK.u16(bytes, at + 6) & 0x3FFF) == 0;
        boolean ports = firstFragment && hasPorts(bytes[at + 9], at + header);
        return flow(
                ports ? FlowKind.IPV4_PORTS : FlowKind.IPV4,
                0,
                NETWORK.u32(bytes, at + 12),
                0,
                NETWORK.u32(bytes, at + 16),
                at + header);
    }

    private Flow ipv6() {
        boolean ports = hasPorts(bytes[at + 6], at + 40);
        return flow(
                ports ? FlowKind.IPV6_PORTS : FlowKind.IPV6,
                u64(at + 8),
                u64(at + 16),
                u64(at + 24),
                u64(at + 32),
                at + 40);
    }

    private Flow flow(FlowKind kind, long sourceHigh, long source, long destinationHigh, long destination, int ports) {
        boolean has = kind == FlowKind.IPV4_PORTS || kind == FlowKind.IPV6_PORTS;
        return new Flow(
                kind,
                sourceHigh,
                source,
                destinationHigh,
                destination,
                has ? NETWORK.u16(bytes, ports) : 0,
                has ? NETWORK.u16(bytes, ports + 2) : 0);
    }

    private boolean hasPorts(byte protocol, int where) {
        return (protocol == TCP || protocol == UDP) && count >= where + 4;
    }

    private long u64(int where) {
        return NETWORK.u32(bytes, where) << 32 | NETWORK.u32(bytes, where + 4);
    }
}
