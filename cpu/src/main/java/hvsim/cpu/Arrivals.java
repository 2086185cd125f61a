package hvsim.cpu;

import hvsim.cpu.apic.DeliveryMode;
import hvsim.cpu.apic.InterruptMessage;
import hvsim.cpu.apic.LocalApic;
import hvsim.tlb.Snapshot;
import java.util.Arrays;

/**
 * Interrupt messages that are on their way to a processor, by the cycle at which they arrive; those of one cycle in
 * the order in which they were sent.
 */
final class Arrivals {
    private static final int MODE_SHIFT = 8;

    private long[] cycles = new long[4];
    private int[] messages = new int[4];
    private int count;

    void add(long cycle, InterruptMessage message) {
        if (count == cycles.length) {
            cycles = Arrays.copyOf(cycles, 2 * count);
            messages = Arrays.copyOf(messages, 2 * count);
        }
        int place = count++;
        while (place > 0 && cycles[place - 1] > cycle) {
            cycles[place] = cycles[place - 1];
            messages[place] = messages[place - 1];
            place--;
        }
        cycles[place] = cycle;
        messages[place] = message.mode().number() << MODE_SHIFT | message.vector();
    }

    /** When the next one arrives, or {@link LocalApic#NEVER}. */
    long next() {
        return count == 0 ? LocalApic.NEVER : cycles[0];
    }

    /** Takes the next one off. */
    InterruptMessage take() {
        int message = messages[0];
        count--;
        System.arraycopy(cycles, 1, cycles, 0, count);
        System.arraycopy(messages, 1, messages, 0, count);
        return new InterruptMessage(DeliveryMode.byNumber(message >>> MODE_SHIFT), message & 0xFF);
    }

    void transfer(Snapshot snapshot) {
        count = snapshot.transfer(count);
        cycles = snapshot.transferResized(cycles);
        messages = snapshot.transferResized(messages);
    }
}
