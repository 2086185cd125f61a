package hvsim.multiqueue.trace;

import hvsim.multiqueue.steering.Frame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pcapng format: blocks, of which those with packets and interfaces are read and the others skipped.
 *
 * <pre>
 *   block            type u32, length u32, body, length u32
 *   section header   byte-order magic u32, ...                          what follows is in its byte order
 *   interface        link type u16, 2 bytes, snaplen u32, options       numbered from 0 in each section
 *   enhanced packet  interface u32, time u32 u32, captured u32, on the wire u32, bytes, options
 * </pre>
 */
final class PcapngTrace implements PacketTrace {
    static final long SECTION_HEADER = 0x0A0D_0D0AL;

    private static final long BYTE_ORDER_MAGIC = 0x1A2B_3C4DL;
    private static final long INTERFACE = 1;
    private static final long OBSOLETE_PACKET = 2;
    private static final long SIMPLE_PACKET = 3;
    private static final long ENHANCED_PACKET = 6;
    private static final int FRAMING_BYTES = 12;
    private static final int PACKET_BYTES = 20;
    private static final int MOST_INTERFACES = 1 << 16;

    private record Interface(LinkType link, TimeUnit time) {}

    private final ByteReader in;
    private final PacketBytes packets;
    private final List<Interface> interfaces = new ArrayList<>();
    private final byte[] bytes = new byte[PACKET_BYTES];
    private Words words = new Words(false);
    private String block = "block 1 at byte 0";
    private long blocks = 1;

    /** @param in behind the type of the first block, which is a section header */
    PcapngTrace(ByteReader in) {
        this.in = in;
        packets = new PacketBytes(in);
        readSection();
    }

    @Override
    public @Nullable TimedFrame next() {
        while (!in.isAtEnd()) {
            block = "block " + ++blocks + " at byte " + in.position();
            need(4);
            long type = words.u32(bytes, 0);
            TimedFrame frame = type == SECTION_HEADER ? readSection() : readBlock(type);
            if (frame != null) {
                return frame;
            }
        }
        return null;
    }

    /** Its type reads the same in both orders. */
    private @Nullable TimedFrame readSection() {
        need(8);
        words = new Words(new Words(true).u32(bytes, 4) == BYTE_ORDER_MAGIC);
        if (words.u32(bytes, 4) != BYTE_ORDER_MAGIC) {
            throw damaged("has no byte-order magic");
        }
        interfaces.clear();
        skip(body(words.u32(bytes, 0)) - 4);
        end(words.u32(bytes, 0));
        return null;
    }

    private @Nullable TimedFrame readBlock(long type) {
        need(4);
        long length = words.u32(bytes, 0);
        long body = body(length);
        TimedFrame frame = null;
        if (type == ENHANCED_PACKET) {
            frame = readPacket(body);
        } else if (type == INTERFACE) {
            readInterface(body);
        } else if (type == SIMPLE_PACKET) {
            throw damaged("is a simple packet, which has no time: it cannot be replayed");
        } else if (type == OBSOLETE_PACKET) {
            throw damaged("is an obsolete packet block; editcap writes the capture anew with enhanced ones");
        } else {
            skip(body);
        }
        end(length);
        return frame;
    }

    private long body(long length) {
        if (length < FRAMING_BYTES || (length & 3) != 0) {
            throw damaged("has the length " + length);
        }
        return length - FRAMING_BYTES;
    }

    private void end(long length) {
        need(4);
        if (words.u32(bytes, 0) != length) {
            throw damaged("begins with the length " + length + " and ends with " + words.u32(bytes, 0));
        }
    }

    private TimedFrame readPacket(long body) {
        atLeast(body, PACKET_BYTES);
        need(PACKET_BYTES);
        Interface from = interfaceOf(words.u32(bytes, 0));
        long units = words.u32(bytes, 4) << 32 | words.u32(bytes, 8);
        long captured = words.u32(bytes, 12);
        long wireBytes = words.u32(bytes, 16);
        int padding = (int) -captured & 3;
        long options = body - PACKET_BYTES - captured - padding;
        atLeast(options, 0);
        Frame frame = packets.read(block, from.link(), captured, wireBytes, padding);
        skip(options);
        return new TimedFrame(from.time().nanos(units), frame);
    }

    private Interface interfaceOf(long number) {
        if (number >= interfaces.size()) {
            throw damaged("is of interface " + number + ", and " + interfaces.size() + " are described before it");
        }
        return interfaces.get((int) number);
    }

    private void readInterface(long body) {
        atLeast(body, 8);
        need(8);
        if (interfaces.size() == MOST_INTERFACES) {
            throw damaged("describes one interface more than 65,536");
        }
        LinkType link = LinkType.of(words.u16(bytes, 0));
        interfaces.add(new Interface(link, readOptions(body - 8)));
    }

    private TimeUnit readOptions(long room) {
        TimeUnit unit = TimeUnit.MICROSECONDS;
        long left = room;
        while (left >= 4) {
            need(4);
            int code = words.u16(bytes, 0);
            int length = words.u16(bytes, 2);
            int padded = length + 3 & ~3;
            left -= 4 + padded;
            atLeast(left, 0);
            int kept = Math.min(padded, 8);
            need(kept);
            unit = option(unit, code, length);
            skip(padded - kept);
        }
        return unit;
    }

    private TimeUnit option(TimeUnit unit, int code, int length) {
        if (code == 9 && length == 1) {
            return unit.withResolution(bytes[0] & 0xFF);
        }
        boolean offset = code == 14 && length == 8;
        return offset ? unit.withOffset(eightBytes()) : unit;
    }

    private long eightBytes() {
        long first = words.u32(bytes, 0);
        long second = words.u32(bytes, 4);
        return words.bigEndian() ? first << 32 | second : second << 32 | first;
    }

    private void atLeast(long room, long needed) {
        if (room < needed) {
            throw damaged("is too short for what it says to contain");
        }
    }

    private void need(int count) {
        if (!in.read(bytes, count)) {
            throw new BadTraceException("the capture ends within " + block);
        }
    }

    private void skip(long count) {
        atLeast(count, 0);
        if (!in.skip(count)) {
            throw new BadTraceException("the capture ends within " + block);
        }
    }

    private BadTraceException damaged(String how) {
        return new BadTraceException(block + " " + how);
    }
}
