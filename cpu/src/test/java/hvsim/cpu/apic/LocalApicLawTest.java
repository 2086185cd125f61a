package hvsim.cpu.apic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random steps of a local APIC against sets of vectors; its timer against one that counts every cycle. */
class LocalApicLawTest {
    private final Random random = new Random(10_08);
    private final LocalApic apic = new LocalApic(5);

    // The oracle.
    private final BitSet requests = new BitSet();
    private final BitSet services = new BitSet();
    private int task;

    private int priority() {
        int service = Math.max(services.length() - 1, 0);
        return task / 16 >= service / 16 ? task : service / 16 * 16;
    }

    private int pending() {
        int highest = requests.length() - 1;
        return highest / 16 > priority() / 16 ? highest : -1;
    }

    private void step() {
        switch (random.nextInt(5)) {
            case 0 -> {
                int vector = random.nextInt(256);
                assertEquals(vector >= 16 && !requests.get(vector), apic.accept(vector));
                requests.set(vector, vector >= 16);
            }
            case 1 -> {
                task = random.nextInt(256);
                apic.write(ApicMsr.TASK_PRIORITY, task, 0);
            }
            case 2 -> {
                int vector = pending();
                assertEquals(vector, apic.acknowledge());
                if (vector != -1) {
                    requests.clear(vector);
                    services.set(vector);
                }
            }
            case 3 -> {
                int ended = services.length() - 1;
                services.clear(Math.max(ended, 0));
                assertEquals(ended, apic.endOfInterrupt());
            }
            default -> {
                int vector = 16 + random.nextInt(240);
                long icr = InterruptCommand.to(InterruptCommand.Shorthand.SELF, DeliveryMode.FIXED, vector)
                        .encode();
                boolean byItsOwnMsr = random.nextBoolean();
                apic.write(byItsOwnMsr ? ApicMsr.SELF_IPI : ApicMsr.COMMAND, byItsOwnMsr ? vector : icr, 0);
                requests.set(vector);
            }
        }
    }

    @Test
    void whatWaitsAndWhatIsInServiceIsAsTheSetsSay() {
        for (int i = 0; i < 200_000; i++) {
            step();
            assertEquals(pending(), apic.pending());
            assertEquals(priority(), apic.read(ApicMsr.PROCESSOR_PRIORITY, 0));
            int vector = random.nextInt(256);
            assertEquals(requests.get(vector), bit(ApicMsr.INTERRUPT_REQUEST, vector));
            assertEquals(services.get(vector), bit(ApicMsr.IN_SERVICE, vector));
        }
    }

    private boolean bit(int msr, int vector) {
        return (apic.read(msr + vector / 32, 0) >>> vector % 32 & 1) == 1;
    }

    /** Counts down every divided cycle, as the hardware would. */
    private static final class NaiveTimer {
        long left;
        long reload;
        boolean periodic;
        int divide = 2;
        int inCycle;

        boolean tick() {
            if (left == 0 || ++inCycle < divide) {
                return false;
            }
            inCycle = 0;
            left--;
            if (left > 0) {
                return false;
            }
            left = periodic ? reload : 0;
            return true;
        }
    }

    @Test
    void theTimerGoesOffWhenOneDoesThatCountsEveryCycle() {
        for (int run = 0; run < 300; run++) {
            NaiveTimer naive = new NaiveTimer();
            naive.periodic = random.nextBoolean();
            int divideBits = random.nextInt(8);
            naive.divide = divideBits == 7 ? 1 : 2 << divideBits;
            naive.reload = naive.left = 1L + random.nextInt(50);
            apic.write(ApicMsr.TIMER, (naive.periodic ? 1 << 17 : 0) | 0x40, 1000);
            apic.write(ApicMsr.DIVIDE_CONFIGURATION, divideBits & 3 | (divideBits & 4) << 1, 1000);
            apic.write(ApicMsr.INITIAL_COUNT, naive.left, 1000);
            for (long now = 1001; now < 1000 + 4L * naive.reload * naive.divide; now++) {
                boolean wentOff = naive.tick();
                assertEquals(wentOff, apic.deadline() == now, "cycle " + now);
                apic.advance(now);
                assertEquals(wentOff, apic.isRequested(0x40));
                assertEquals(naive.left, apic.read(ApicMsr.CURRENT_COUNT, now), "cycle " + now);
                takeAll();
            }
        }
    }

    private void takeAll() {
        apic.acknowledge();
        apic.endOfInterrupt();
    }

    @Test
    void theDeadlineIsForItsModeOnlyAndZeroDisarms() {
        apic.setDeadline(500, 500);
        assertEquals(LocalApic.NEVER, apic.deadline());
        apic.write(ApicMsr.TIMER, 2 << 17 | 0x40, 0);
        apic.setDeadline(500, 400);
        assertEquals(400, apic.deadline());
        assertEquals(500, apic.read(ApicMsr.TSC_DEADLINE, 399));
        assertEquals(0, apic.read(ApicMsr.TSC_DEADLINE, 400));
        assertTrue(apic.isRequested(0x40));
        apic.setDeadline(900, 900);
        apic.setDeadline(0, 0);
        assertEquals(LocalApic.NEVER, apic.deadline());
    }

    @Test
    void aTimerThatBecomesPeriodicCountsOnAndOneOfDeadlinesIsDisarmed() {
        apic.write(ApicMsr.TIMER, 0x40, 0);
        apic.write(ApicMsr.INITIAL_COUNT, 10, 0);
        apic.write(ApicMsr.TIMER, 1 << 17 | 0x40, 5);
        assertEquals(20, apic.deadline());
        apic.advance(20);
        assertEquals(40, apic.deadline());
        apic.write(ApicMsr.TIMER, 2 << 17 | 0x40, 25);
        assertEquals(LocalApic.NEVER, apic.deadline());
        assertEquals(0, apic.read(ApicMsr.INITIAL_COUNT, 25));
    }

    @Test
    void aMaskedTimerInterruptsNobodyAndIsNotMadeUpFor() {
        apic.write(ApicMsr.TIMER, ApicTimer.MASKED | 0x40, 0);
        apic.write(ApicMsr.INITIAL_COUNT, 10, 0);
        assertEquals(LocalApic.NEVER, apic.deadline());
        apic.write(ApicMsr.TIMER, 0x40, 100);
        assertEquals(LocalApic.NEVER, apic.deadline());
        assertEquals(-1, apic.pending());
    }

    @Test
    void vectorsBelowSixteenAreErrorsOfSenderAndReceiver() {
        apic.accept(15);
        apic.write(ApicMsr.COMMAND, InterruptCommand.fixed(3, 1).encode(), 0);
        apic.write(ApicMsr.ERROR_STATUS, 0, 0);
        assertEquals(1 << 5 | 1 << 6, apic.read(ApicMsr.ERROR_STATUS, 0));
        apic.write(ApicMsr.ERROR_STATUS, 0, 0);
        assertEquals(0, apic.read(ApicMsr.ERROR_STATUS, 0));
    }

    @Test
    void aDisabledApicAcceptsNothing() {
        apic.write(ApicMsr.SPURIOUS_INTERRUPT, 0xFF, 0);
        apic.accept(0x40);
        apic.write(ApicMsr.SPURIOUS_INTERRUPT, 0x1FF, 0);
        assertEquals(-1, apic.pending());
    }

    @Test
    void aCommandToOthersIsForWhoeverConnectsThem() {
        long icr = InterruptCommand.fixed(0x41, 7).encode();
        assertEquals(LocalApic.Effect.COMMAND, apic.write(ApicMsr.COMMAND, icr, 0));
        assertEquals(InterruptCommand.fixed(0x41, 7), apic.command());
    }

    @Test
    void theLogicalIdIsClusterAndBit() {
        assertEquals(0x20, apic.read(ApicMsr.LOGICAL_DESTINATION, 0));
        assertEquals(0x2_0008, new LocalApic(0x23).read(ApicMsr.LOGICAL_DESTINATION, 0));
    }
}
