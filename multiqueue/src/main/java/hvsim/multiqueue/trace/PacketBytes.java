package hvsim.multiqueue.trace;

import hvsim.multiqueue.steering.Frame;

/** Reads the captured bytes of one packet, of which only the headers are kept. */
final class PacketBytes {
    /** What libpcap takes for the longest packet that can be. */
    private static final int MOST_BYTES = 1 << 18;

    private final ByteReader in;
    private final byte[] headers = new byte[Headers.MOST_BYTES];

    PacketBytes(ByteReader in) {
        this.in = in;
    }

    /** @param padding bytes after it that belong to the record */
    Frame read(String record, LinkType link, long captured, long wireBytes, int padding) {
        if (captured > MOST_BYTES || wireBytes < 1 || wireBytes > MOST_BYTES) {
            throw new BadTraceException(record + " says that " + captured + " bytes were captured of " + wireBytes
                    + "; a packet has 1 to " + MOST_BYTES);
        }
        int kept = (int) Math.min(captured, headers.length);
        if (!in.read(headers, kept) || !in.skip(captured - kept + padding)) {
            throw new BadTraceException("the capture ends within " + record);
        }
        return new Headers(headers, kept).frame(link, (int) wireBytes);
    }
}
