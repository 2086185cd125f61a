package hvsim.multiqueue.trace;

import org.jspecify.annotations.Nullable;

/**
 * The classic format of libpcap.
 *
 * <pre>
 *   header   magic u32, version u16 u16, 8 bytes, snaplen u32, link type u32
 *   record   seconds u32, micro- or nanoseconds u32, captured u32, on the wire u32, bytes
 * </pre>
 */
final class PcapTrace implements PacketTrace {
    private static final long MICROSECONDS = 0xA1B2_C3D4L;
    private static final long NANOSECONDS = 0xA1B2_3C4DL;
    private static final int HEADER_BYTES = 20;
    private static final int RECORD_BYTES = 16;
    private static final long NANOS = 1_000_000_000L;

    private final ByteReader in;
    private final PacketBytes packets;
    private final Words words;
    private final int nanosPerUnit;
    private final LinkType link;
    private final byte[] header = new byte[HEADER_BYTES];
    private long records;

    /** @param magic the first four bytes, which are already read */
    PcapTrace(ByteReader in, byte[] magic) {
        this.in = in;
        packets = new PacketBytes(in);
        words = new Words(isMagic(new Words(true).u32(magic, 0)));
        long value = words.u32(magic, 0);
        if (!isMagic(value)) {
            throw new BadTraceException("this is neither pcap nor pcapng: it begins with "
                    + Long.toHexString(new Words(true).u32(magic, 0)) + "H");
        }
        nanosPerUnit = value == NANOSECONDS ? 1 : 1000;
        if (!in.read(header, HEADER_BYTES)) {
            throw new BadTraceException("the capture ends within its header");
        }
        link = LinkType.of(words.u32(header, 16) & 0x0FFF_FFFFL);
    }

    private static boolean isMagic(long value) {
        return value == MICROSECONDS || value == NANOSECONDS;
    }

    @Override
    public @Nullable TimedFrame next() {
        if (in.isAtEnd()) {
            return null;
        }
        String record = "record " + ++records + " at byte " + in.position();
        if (!in.read(header, RECORD_BYTES)) {
            throw new BadTraceException("the capture ends within the header of " + record);
        }
        long fraction = words.u32(header, 4) * nanosPerUnit;
        if (fraction >= NANOS) {
            throw new BadTraceException(record + " has " + fraction + " ns in a second: the capture is damaged");
        }
        long nanos = words.u32(header, 0) * NANOS + fraction;
        return new TimedFrame(nanos, packets.read(record, link, words.u32(header, 8), words.u32(header, 12), 0));
    }
}
