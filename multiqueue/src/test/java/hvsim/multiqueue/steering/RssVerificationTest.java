package hvsim.multiqueue.steering;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Microsoft's "Verifying the RSS Hash Calculation". */
class RssVerificationTest {
    static final byte[] KEY =
            HexFormat.of().parseHex("6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa");

    private final Toeplitz toeplitz = new Toeplitz(KEY);

    @ParameterizedTest
    @CsvSource({
        "161.142.100.80, 1766, 66.9.149.187, 2794, 323e8fc2, 51ccc178",
        "65.69.140.83, 4739, 199.92.111.2, 14230, d718262a, c626b0ea",
        "12.22.207.184, 38024, 24.19.198.95, 12898, d2d0a5de, 5c2b394a",
        "209.142.163.6, 2217, 38.27.205.30, 48228, 82989176, afc7327f",
        "202.188.127.2, 1303, 153.39.163.191, 44251, 5d1809c5, 10e828a2",
        "3ffe:2501:200:3::1, 1766, 3ffe:2501:200:1fff::7, 2794, 2cc18cd5, 40207d3d",
        "ff02::1, 4739, 3ffe:501:8::260:97ff:fe40:efab, 14230, 0f0c461c, dde51bbf",
        "fe80::200:f8ff:fe21:67cf, 38024, 3ffe:1900:4545:3:200:f8ff:fe21:67cf, 44251, 4b61e985, 02d1feef",
    })
    void theHashesArePublished(
            String destination, int destinationPort, String source, int sourcePort, String addresses, String all)
            throws UnknownHostException {
        Flow flow = flow(source, sourcePort, destination, destinationPort);
        assertEquals(Integer.parseUnsignedInt(addresses, 16), toeplitz.hash(flow.withoutPorts()));
        assertEquals(Integer.parseUnsignedInt(all, 16), toeplitz.hash(flow));
    }

    private static Flow flow(String source, int sourcePort, String destination, int destinationPort)
            throws UnknownHostException {
        ByteBuffer from = ByteBuffer.wrap(InetAddress.getByName(source).getAddress());
        ByteBuffer to = ByteBuffer.wrap(InetAddress.getByName(destination).getAddress());
        return from.capacity() == 4
                ? Flow.ipv4(from.getInt(), sourcePort, to.getInt(), destinationPort)
                : new Flow(
                        FlowKind.IPV6_PORTS,
                        from.getLong(),
                        from.getLong(),
                        to.getLong(),
                        to.getLong(),
                        sourcePort,
                        destinationPort);
    }

    @Test
    void tablesAddWhatTheDefinitionAddsBitByBit() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2_000; i++) {
            byte[] key = new byte[40];
            random.nextBytes(key);
            Flow flow = Flow.ipv4(random.nextInt(), random.nextInt(65_536), random.nextInt(), random.nextInt(65_536));
            assertEquals(bitByBit(key, flow), new Toeplitz(key).hash(flow));
        }
    }

    private static int bitByBit(byte[] key, Flow flow) {
        ByteBuffer input = ByteBuffer.allocate(12)
                .putInt((int) flow.sourceLow())
                .putInt((int) flow.destinationLow())
                .putShort((short) flow.sourcePort())
                .putShort((short) flow.destinationPort());
        int hash = 0;
        for (int bit = 0; bit < 96; bit++) {
            if (bit(input.array(), bit)) {
                for (int i = 0; i < 32; i++) {
                    hash ^= bit(key, bit + i) ? 1 << 31 - i : 0;
                }
            }
        }
        return hash;
    }

    private static boolean bit(byte[] bytes, int i) {
        return (bytes[i / 8] & 0x80 >> i % 8) != 0;
    }
}
