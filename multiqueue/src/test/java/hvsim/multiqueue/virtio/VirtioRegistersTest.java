package hvsim.multiqueue.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.RequestDevice;
import hvsim.multiqueue.arbitration.Arbiter;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.DeviceRing;
import hvsim.multiqueue.interrupt.ModerationSpec;
import hvsim.multiqueue.service.ConstantTime;
import hvsim.multiqueue.service.RandomStream;
import hvsim.multiqueue.service.ServiceStation;
import hvsim.multiqueue.service.StationSpec;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VirtioRegistersTest {
    private static final int SERVICE = 10;

    private final List<QueuePair> queues = Stream.generate(
                    () -> QueuePair.Format.SPLIT.make(8, NotificationMode.EVENT_INDEX))
            .limit(3)
            .toList();
    private final RequestDevice device = new RequestDevice(
            queues.stream().<DeviceRing>map(QueuePair::device).toList(),
            Arbiter.equal(3, 1),
            new ServiceStation(new StationSpec(1, 8, new ConstantTime(SERVICE)), new RandomStream(1), null),
            ModerationSpec.OFF);

    @ParameterizedTest
    @EnumSource
    void aNotificationNamesItsQueue(VirtioTransport transport) {
        VirtioRegisters registers = new VirtioRegisters(transport, List.of(device));
        queues.forEach(this::request);
        registers.write(transport.notify(1), 1, 0);
        device.advanceTo(SERVICE);
        assertEquals(0, device.stats(0).operations());
        assertEquals(1, device.stats(1).operations());
        registers.write(transport.notify(3), 3, SERVICE);
        registers.write(transport.notify(2) + 1, 2, SERVICE);
        registers.write(transport.status(), 2, SERVICE);
        device.advanceTo(2 * SERVICE);
        assertEquals(0, device.stats(2).operations());
    }

    @ParameterizedTest
    @EnumSource
    void theLineIsUpUntilTheStatusIsAcknowledged(VirtioTransport transport) {
        VirtioRegisters registers = new VirtioRegisters(transport, List.of(device));
        queues.forEach(queue -> queue.driver().enableInterrupts());
        queues.forEach(this::request);
        registers.write(transport.notify(0), 0, 0);
        assertFalse(registers.pollLine());
        device.advanceTo(SERVICE);
        assertTrue(registers.pollLine());
        assertTrue(registers.pollLine());
        assertEquals(1, registers.read(transport.status(), SERVICE));
        if (transport == VirtioTransport.MMIO) {
            assertTrue(registers.pollLine(), "reading is not enough here");
            registers.write(0x64, 1, SERVICE);
        }
        assertFalse(registers.pollLine());
        assertEquals(0, registers.read(transport.status(), SERVICE));
    }

    private void request(QueuePair queue) {
        queue.driver().add(new Chain().write(queue.end(), 8));
        assertTrue(queue.driver().publish());
    }
}
