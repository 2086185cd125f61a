package hvsim.multiqueue.trace;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.steering.Flow;
import hvsim.multiqueue.steering.FlowKind;
import hvsim.multiqueue.steering.Frame;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PacketTraceTest {
    private static final int MICROSECONDS = 0xA1B2_C3D4;
    private static final int NANOSECONDS = 0xA1B2_3C4D;
    private static final int TCP = 6;
    private static final int ICMP = 1;
    private static final Flow FLOW = Flow.ipv4(0x0A00_0001, 1000, 0x0A00_0002, 80);
    private static final long MAC = 0x0200_0000_0007L;
    private static final byte[] PACKET = Captures.ethernet(0, 0x0800, Captures.ipv4(TCP, 0));

    @Test
    void classicCapturesAreReadInBothOrdersAndUnits() {
        for (ByteOrder order : List.of(LITTLE_ENDIAN, BIG_ENDIAN)) {
            List<TimedFrame> micros =
                    pcap(order, MICROSECONDS).record(3, 7, PACKET, 1514).frames();
            assertEquals(List.of(new TimedFrame(3_000_007_000L, new Frame(1514, MAC, 0, FLOW))), micros);
            assertEquals(
                    3_000_000_007L,
                    pcap(order, NANOSECONDS)
                            .record(3, 7, PACKET, 1514)
                            .frames()
                            .get(0)
                            .nanos());
        }
    }

    @Test
    void tagsFragmentsAndOtherProtocolsAreTold() {
        assertEquals(new Frame(60, MAC, 42, FLOW), only(Captures.ethernet(42, 0x0800, Captures.ipv4(TCP, 0)), 1));
        assertEquals(
                FLOW.withoutPorts(),
                only(Captures.ethernet(0, 0x0800, Captures.ipv4(TCP, 0x2000)), 1)
                        .flow());
        assertEquals(
                FLOW.withoutPorts(),
                only(Captures.ethernet(0, 0x0800, Captures.ipv4(ICMP, 0)), 1).flow());
        assertEquals(
                FLOW,
                only(Captures.ethernet(0, 0x0800, Captures.ipv4(17, 0x4000)), 1).flow());
        assertEquals(
                Flow.NONE, only(Captures.ethernet(0, 0x0806, new byte[28]), 1).flow());
        Flow ipv6 = new Flow(FlowKind.IPV6_PORTS, 1, 2, 3, 4, 1000, 80);
        assertEquals(
                ipv6, only(Captures.ethernet(0, 0x86DD, Captures.ipv6(TCP)), 1).flow());
        assertEquals(
                ipv6.withoutPorts(),
                only(Captures.ethernet(0, 0x86DD, Captures.ipv6(ICMP)), 1).flow());
    }

    @Test
    void otherLinksHaveFlowsToo() {
        assertEquals(FLOW, only(Captures.ipv4(TCP, 0), 101).flow());
        assertEquals(FLOW, only(prefixed(4, Captures.ipv4(TCP, 0)), 0).flow());
        byte[] cooked = prefixed(16, Captures.ipv4(TCP, 0));
        cooked[14] = 8;
        assertEquals(FLOW, only(cooked, 113).flow());
        byte[] cooked2 = prefixed(20, Captures.ipv4(TCP, 0));
        cooked2[0] = 8;
        assertEquals(FLOW, only(cooked2, 276).flow());
    }

    /** Whatever part of the headers was captured, the frame has its length; what is missing is no flow. */
    @Test
    void packetsThatWereCutShortAreFramesAllTheSame() {
        for (int kept = 0; kept <= PACKET.length; kept++) {
            Frame frame = only(Arrays.copyOf(PACKET, kept), 1);
            assertEquals(60, frame.bytes());
            assertEquals(
                    kept >= 34 ? FLOW.withoutPorts() : Flow.NONE, frame.flow().withoutPorts());
            assertEquals(kept >= 38, frame.flow().equals(FLOW));
        }
    }

    @Test
    void blocksAreReadInBothOrdersWithTheTimesOfTheirInterface() {
        for (ByteOrder order : List.of(LITTLE_ENDIAN, BIG_ENDIAN)) {
            List<TimedFrame> frames = new Captures(order)
                    .section()
                    .describe(Captures.ETHERNET)
                    .describe(Captures.ETHERNET, 9, 100)
                    .describe(Captures.ETHERNET, 0x80 | 10, 0)
                    .otherBlock(4, 5)
                    .packet(0, 5_000_007, PACKET, 1514)
                    .packet(1, 5, PACKET, 60)
                    .packet(2, 1536, PACKET, 60)
                    .frames();
            assertEquals(List.of(5_000_007_000L, 100_000_000_005L, 1_500_000_000L), times(frames));
            assertEquals(new Frame(1514, MAC, 0, FLOW), frames.get(0).frame());
        }
    }

    @Test
    void aNewSectionHasInterfacesOfItsOwn() {
        Captures captures = new Captures(LITTLE_ENDIAN)
                .section()
                .describe(Captures.ETHERNET)
                .section()
                .packet(0, 1, PACKET, 60);
        says("interface 0, and 0 are described before it", captures.bytes());
    }

    @Test
    void damageIsNamedWithItsPlace() {
        byte[] good = pcap(LITTLE_ENDIAN, MICROSECONDS)
                .record(1, 1, PACKET, 60)
                .record(2, 2, PACKET, 60)
                .bytes();
        says("the capture ends within record 2 at byte 82", Arrays.copyOf(good, good.length - 1));
        says("within the header of record 2", Arrays.copyOf(good, 24 + 58 + 15));
        says("within its header", Arrays.copyOf(good, 20));
        says("within its first 4 bytes", new byte[3]);
        says("neither pcap nor pcapng: it begins with 7f454c46H", new byte[] {0x7F, 'E', 'L', 'F', 0});
        says("link type 147", pcap(LITTLE_ENDIAN, MICROSECONDS, 147).bytes());
        says(
                "2000000000 ns in a second",
                pcap(LITTLE_ENDIAN, MICROSECONDS)
                        .record(1, 2_000_000, PACKET, 60)
                        .bytes());
        says(
                "were captured of 0",
                pcap(LITTLE_ENDIAN, MICROSECONDS).record(1, 1, PACKET, 0).bytes());
        says(
                "were captured of 262145",
                pcap(LITTLE_ENDIAN, MICROSECONDS).record(1, 1, PACKET, 262_145).bytes());
    }

    @Test
    void damagedBlocksAreNamedWithTheirPlace() {
        byte[] good = new Captures(LITTLE_ENDIAN)
                .section()
                .describe(1)
                .packet(0, 1, PACKET, 60)
                .bytes();
        says("the capture ends within block 3 at byte 48", Arrays.copyOf(good, good.length - 1));
        says("block 1 at byte 0 has no byte-order magic", changed(good, 8));
        says("block 2 at byte 28 has the length 21", changed(good, 32));
        says("begins with the length 20 and ends with 21", changed(good, 44));
        says(
                "is too short for what it says",
                new Captures(LITTLE_ENDIAN).section().otherBlock(6, 2).bytes());
        says(
                "simple packet",
                new Captures(LITTLE_ENDIAN).section().otherBlock(3, 4).bytes());
        says(
                "obsolete packet",
                new Captures(LITTLE_ENDIAN).section().otherBlock(2, 4).bytes());
        says(
                "2^-33",
                new Captures(LITTLE_ENDIAN).section().describe(1, 0x80 | 33, 0).bytes());
        says(
                "292 years",
                new Captures(LITTLE_ENDIAN)
                        .section()
                        .describe(1)
                        .packet(0, -1, PACKET, 60)
                        .bytes()
                        .clone());
    }

    /** Any bytes end in frames or in an error that says what is wrong. */
    @Test
    void changedBytesNeverEndInAnythingElse() {
        byte[] classic = pcap(LITTLE_ENDIAN, NANOSECONDS)
                .record(1, 1, PACKET, 60)
                .record(2, 2, PACKET, 60)
                .bytes();
        byte[] blocks = new Captures(BIG_ENDIAN)
                .section()
                .describe(1, 6, 1)
                .packet(0, 1, PACKET, 60)
                .otherBlock(5, 3)
                .packet(0, 2, PACKET, 60)
                .bytes();
        SplittableRandom random = new SplittableRandom(1);
        int refused = 0;
        for (int i = 0; i < 40_000; i++) {
            byte[] changed = (i % 2 == 0 ? classic : blocks).clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            try {
                assertTrue(Captures.frames(changed).size() <= 2);
            } catch (BadTraceException e) {
                refused++;
            }
        }
        assertTrue(refused > 5_000, "refused: " + refused);
    }

    private static Captures pcap(ByteOrder order, int magic) {
        return pcap(order, magic, Captures.ETHERNET);
    }

    private static Captures pcap(ByteOrder order, int magic, int link) {
        return new Captures(order).pcap(magic, link);
    }

    private static Frame only(byte[] packet, int link) {
        return pcap(LITTLE_ENDIAN, MICROSECONDS, link)
                .record(0, 0, packet, 60)
                .frames()
                .get(0)
                .frame();
    }

    private static byte[] prefixed(int bytes, byte[] packet) {
        byte[] result = new byte[bytes + packet.length];
        System.arraycopy(packet, 0, result, bytes, packet.length);
        return result;
    }

    private static List<Long> times(List<TimedFrame> frames) {
        return frames.stream().map(TimedFrame::nanos).toList();
    }

    private static byte[] changed(byte[] good, int at) {
        byte[] result = good.clone();
        result[at] = (byte) (result[at] + 1);
        return result;
    }

    private static void says(String what, byte[] capture) {
        String message = assertThrows(BadTraceException.class, () -> Captures.frames(capture))
                .getMessage();
        assertTrue(message.contains(what), message);
    }
}
