package hvsim.multiqueue.trace;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes captures byte by byte, as the formats say. */
final class Captures {
    static final int ETHERNET = 1;

    private final ByteBuffer out;

    Captures(ByteOrder order) {
        out = ByteBuffer.allocate(1 << 16).order(order);
    }

    Captures pcap(int magic, int link) {
        out.putInt(magic)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65_535)
                .putInt(link);
        return this;
    }

    Captures record(int seconds, int fraction, byte[] packet, int wireBytes) {
        out.putInt(seconds)
                .putInt(fraction)
                .putInt(packet.length)
                .putInt(wireBytes)
                .put(packet);
        return this;
    }

    Captures section() {
        out.putInt(0x0A0D0D0A).putInt(28).putInt(0x1A2B3C4D).putShort((short) 1).putShort((short) 0);
        out.putLong(-1).putInt(28);
        return this;
    }

    Captures describe(int link) {
        out.putInt(1)
                .putInt(20)
                .putShort((short) link)
                .putShort((short) 0)
                .putInt(0)
                .putInt(20);
        return this;
    }

    /** With options of times: resolution, and offset in seconds. */
    Captures describe(int link, int resolution, long offset) {
        out.putInt(1).putInt(44).putShort((short) link).putShort((short) 0).putInt(0);
        out.putShort((short) 9).putShort((short) 1).put((byte) resolution).put(new byte[3]);
        out.putShort((short) 14).putShort((short) 8).putLong(offset);
        out.putInt(0).putInt(44);
        return this;
    }

    Captures packet(int from, long time, byte[] packet, int wireBytes) {
        int padded = packet.length + 3 & ~3;
        out.putInt(6)
                .putInt(32 + padded)
                .putInt(from)
                .putInt((int) (time >>> 32))
                .putInt((int) time);
        out.putInt(packet.length).putInt(wireBytes).put(packet).put(new byte[padded - packet.length]);
        out.putInt(32 + padded);
        return this;
    }

    Captures otherBlock(int type, int bodyWords) {
        out.putInt(type).putInt(12 + 4 * bodyWords).put(new byte[4 * bodyWords]).putInt(12 + 4 * bodyWords);
        return this;
    }

    byte[] bytes() {
        return Arrays.copyOf(out.array(), out.position());
    }

    List<TimedFrame> frames() {
        return frames(bytes());
    }

    static List<TimedFrame> frames(byte[] capture) {
        PacketTrace trace = PacketTrace.open(new ByteArrayInputStream(capture));
        List<TimedFrame> frames = new ArrayList<>();
        for (TimedFrame frame = trace.next(); frame != null; frame = trace.next()) {
            frames.add(frame);
        }
        return frames;
    }

    /** Ethernet to 02:00:00:00:00:07, perhaps with a VLAN tag, then what follows. */
    static byte[] ethernet(int vlan, int etherType, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate((vlan == 0 ? 14 : 18) + payload.length);
        frame.putShort((short) 0x0200).putInt(7).put(new byte[6]);
        if (vlan != 0) {
            frame.putShort((short) 0x8100).putShort((short) vlan);
        }
        return frame.putShort((short) etherType).put(payload).array();
    }

    /** From 10.0.0.1:1000 to 10.0.0.2:80. */
    static byte[] ipv4(int protocol, int fragment) {
        return ByteBuffer.allocate(28)
                .put(new byte[] {0x45, 0, 0, 28, 0, 0})
                .putShort((short) fragment)
                .put(new byte[] {64, (byte) protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2})
                .putShort((short) 1000)
                .putShort((short) 80)
                .array();
    }

    static byte[] ipv6(int protocol) {
        return ByteBuffer.allocate(48)
                .putInt(0x6000_0000)
                .putShort((short) 8)
                .put((byte) protocol)
                .put((byte) 64)
                .putLong(1)
                .putLong(2)
                .putLong(3)
                .putLong(4)
                .putShort((short) 1000)
                .putShort((short) 80)
                .array();
    }
}
