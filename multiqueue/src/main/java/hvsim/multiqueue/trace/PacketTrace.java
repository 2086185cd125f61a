package hvsim.multiqueue.trace;

import java.io.InputStream;

/** The frames of a capture. */
public interface PacketTrace extends TimedTrace<TimedFrame> {
    /** Reads pcap or pcapng, whichever it is. */
    static PacketTrace open(InputStream in) {
        ByteReader bytes = new ByteReader(in);
        byte[] magic = new byte[4];
        if (!bytes.read(magic, 4)) {
            throw new BadTraceException("the capture ends within its first 4 bytes");
        }
        return new Words(true).u32(magic, 0) == PcapngTrace.SECTION_HEADER
                ? new PcapngTrace(bytes)
                : new PcapTrace(bytes, magic);
    }
}
