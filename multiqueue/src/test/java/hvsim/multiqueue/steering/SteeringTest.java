package hvsim.multiqueue.steering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.steering.AddressSteering.Address;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SteeringTest {
    private static final Toeplitz TOEPLITZ = new Toeplitz(RssVerificationTest.KEY);
    private static final Flow FLOW = Flow.ipv4(0x0A00_0001, 1000, 0x0A00_0002, 80);

    @Test
    void theLowBitsOfTheHashChooseTheEntry() {
        int[] table = new int[128];
        table[TOEPLITZ.hash(FLOW) & 127] = 3;
        assertEquals(3, new FlowSteering(TOEPLITZ, table).queueOf(frame(1, 0)));
    }

    @Test
    void manyFlowsFillAllQueuesAboutEvenly() {
        FlowSteering steering = FlowSteering.over(TOEPLITZ, 4, 8);
        int[] frames = new int[12];
        for (int port = 0; port < 8_000; port++) {
            frames[steering.queueOf(new Frame(64, 1, 0, Flow.ipv4(1, port, 2, 80)))]++;
        }
        for (int queue = 0; queue < 12; queue++) {
            assertTrue(queue < 4 ? frames[queue] == 0 : Math.abs(frames[queue] - 1000) < 200);
        }
    }

    @Test
    void whatHasNoAddressesGoesToTheFirstEntry() {
        assertEquals(5, FlowSteering.over(TOEPLITZ, 5, 2).queueOf(new Frame(64, 1, 0, Flow.NONE)));
    }

    @Test
    void aVmGetsWhatIsAddressedToItInItsVlan() {
        AddressSteering steering = AddressSteering.dropping(Map.of(
                new Address(1, 0), frame -> 10,
                new Address(1, 7), frame -> 20,
                new Address(2, 0), FlowSteering.over(TOEPLITZ, 30, 1)));
        assertEquals(10, steering.queueOf(frame(1, 0)));
        assertEquals(20, steering.queueOf(frame(1, 7)));
        assertEquals(30, steering.queueOf(frame(2, 0)));
        assertEquals(Steering.NO_QUEUE, steering.queueOf(frame(2, 7)));
        assertEquals(Steering.NO_QUEUE, steering.queueOf(frame(3, 0)));
    }

    @Test
    void aDefaultPoolGetsTheRest() {
        AddressSteering steering = new AddressSteering(Map.of(new Address(1, 0), frame -> 10), frame -> 0);
        assertEquals(0, steering.queueOf(frame(9, 9)));
    }

    @Test
    void processorsAreSpreadOverQueuesInRuns() {
        SubmitterSteering few = new SubmitterSteering(8, 3);
        assertEquals("00011122", map(few, 8));
        assertEquals("0123", map(new SubmitterSteering(4, 16), 4));
        assertEquals("0000", map(new SubmitterSteering(4, 1), 4));
    }

    private static String map(SubmitterSteering steering, int processors) {
        StringBuilder queues = new StringBuilder();
        for (int i = 0; i < processors; i++) {
            queues.append(steering.queueOf(i));
        }
        return queues.toString();
    }

    @Test
    void tablesAndAddressesAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new FlowSteering(TOEPLITZ, new int[100]));
        assertThrows(IllegalArgumentException.class, () -> new Toeplitz(new byte[16]));
        assertThrows(IllegalArgumentException.class, () -> new Address(1L << 48, 0));
        assertThrows(IllegalArgumentException.class, () -> new Address(1, 4095));
        assertThrows(IllegalArgumentException.class, () -> new Frame(0, 1, 0, Flow.NONE));
    }

    private static Frame frame(long destination, int vlan) {
        return new Frame(64, destination, vlan, FLOW);
    }
}
