package hvsim.vmm.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final Candidate ANY = new Candidate(List.of(), 100);

    private static Scheduler roundRobin(int cores, int vcpus) {
        return new Scheduler(Policy.ROUND_ROBIN, cores, Collections.nCopies(vcpus, ANY));
    }

    private static Candidate pinned(Integer... cores) {
        return new Candidate(List.of(cores), 100);
    }

    private static List<Integer> turns(Scheduler scheduler, int core, int count) {
        return turns(scheduler, core, count, 0);
    }

    /** Who runs on a core, slice after slice of 10 cycles. */
    private static List<Integer> turns(Scheduler scheduler, int core, int count, long from) {
        List<Integer> turns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            turns.add(scheduler.next(core, from + 10L * i));
            scheduler.endTurn(core, from + 10L * i + 10);
        }
        return turns;
    }

    @Test
    void allTakeTurnsInTheirOrder() {
        assertEquals(List.of(0, 1, 2, 0, 1, 2, 0), turns(roundRobin(1, 3), 0, 7));
    }

    @Test
    void sharesAreByWeight() {
        List<Candidate> two = List.of(new Candidate(List.of(), 300), new Candidate(List.of(), 100));
        List<Integer> turns = turns(new Scheduler(Policy.PROPORTIONAL_SHARE, 1, two), 0, 400);
        assertEquals(300, Collections.frequency(turns, 0));
        assertEquals(100, Collections.frequency(turns, 1));
    }

    @Test
    void whoSleepsSavesUpNoShare() {
        Scheduler scheduler = new Scheduler(Policy.PROPORTIONAL_SHARE, 1, List.of(ANY, ANY));
        assertEquals(0, scheduler.next(0, 0));
        scheduler.block(0, 10);
        for (long now = 10; now < 10_000; now += 10) {
            assertEquals(1, scheduler.next(0, now));
            scheduler.endTurn(0, now + 10);
        }
        scheduler.wake(0, 0, 10_000, 0);
        List<Integer> turns = turns(scheduler, 0, 100, 10_000);
        assertEquals(50, Collections.frequency(turns, 0), 1);
    }

    @Test
    void theyStartSpreadOverTheCores() {
        Scheduler scheduler = roundRobin(2, 4);
        assertEquals(0, scheduler.next(0, 0));
        assertEquals(1, scheduler.next(1, 0));
        scheduler.endTurn(0, 10);
        scheduler.endTurn(1, 10);
        assertEquals(2, scheduler.next(0, 10));
        assertEquals(3, scheduler.next(1, 10));
    }

    @Test
    void aPinnedOneStaysOnItsCores() {
        Scheduler scheduler = new Scheduler(Policy.ROUND_ROBIN, 2, List.of(pinned(1), pinned(1)));
        assertEquals(Scheduler.NONE, scheduler.next(0, 0));
        assertEquals(List.of(0, 1, 0), turns(scheduler, 1, 3));
        assertEquals(Scheduler.NONE, scheduler.next(0, 50));
    }

    @Test
    void noCoreToRunOnIsAMistake() {
        assertThrows(IllegalArgumentException.class, () -> new Scheduler(Policy.ROUND_ROBIN, 2, List.of(pinned(2))));
    }

    @Test
    void aCoreThatRunsDryTakesFromTheLongestQueue() {
        Scheduler scheduler = roundRobin(2, 5);
        assertEquals(0, scheduler.next(0, 0));
        assertEquals(1, scheduler.next(1, 0));
        scheduler.end(1, 5);
        assertEquals(3, scheduler.next(1, 5));
        scheduler.end(1, 7);
        assertEquals(2, scheduler.next(1, 7), "waits on core 0");
        assertEquals(1, scheduler.runningOn(2));
        assertEquals(Scheduler.NONE, scheduler.ranOn(2), "it comes from no other core, as it never ran");
    }

    @Test
    void theWokenGoesWhereItWasUnlessThatIsBusyAndAnotherIdle() {
        Scheduler scheduler = roundRobin(2, 3);
        assertEquals(0, scheduler.next(0, 0));
        assertEquals(1, scheduler.next(1, 0));
        scheduler.block(0, 10);
        scheduler.wake(0, 0, 15, 0);
        assertEquals(2, scheduler.next(0, 15), "who waited longer");
        scheduler.end(1, 16);
        assertEquals(0, scheduler.next(1, 16), "from the queue of core 0");
        scheduler.block(1, 18);
        scheduler.wake(0, 1, 20, 0);
        assertEquals(20, scheduler.earliest(1));
        assertEquals(0, scheduler.next(1, 20));
        scheduler.end(0, 21);
        scheduler.endTurn(1, 30);
        assertEquals(30, scheduler.earliest(1), "nobody else wants core 1");
    }

    private static Scheduler oneSleeps(Policy policy) {
        Scheduler scheduler = new Scheduler(policy, 1, List.of(ANY, ANY));
        scheduler.next(0, 0);
        scheduler.block(0, 10);
        scheduler.next(0, 10);
        return scheduler;
    }

    @Test
    void whoWakesGoesBeforeWhoHasHadMoreIfSharesAreProportional() {
        Scheduler scheduler = oneSleeps(Policy.PROPORTIONAL_SHARE);
        assertFalse(scheduler.givesWay(0, 1_000), "nobody has woken");
        scheduler.wake(0, 0, 1_000, 0);
        assertTrue(scheduler.givesWay(0, 1_000));
        scheduler.endTurn(0, 1_000);
        assertEquals(0, scheduler.next(0, 1_000));
        assertFalse(scheduler.givesWay(0, 5_000), "the other one has waited, not slept: it has its turn");
    }

    @Test
    void whoWakesWaitsIfItHasHadMoreThanWhoRuns() {
        Scheduler scheduler = oneSleeps(Policy.PROPORTIONAL_SHARE);
        scheduler.wake(0, 0, 15, 0);
        assertFalse(scheduler.givesWay(0, 15), "10 cycles against 5");
        assertTrue(scheduler.givesWay(0, 21));
    }

    @Test
    void whoWakesWaitsForTheEndOfTheSliceInRoundRobin() {
        Scheduler scheduler = oneSleeps(Policy.ROUND_ROBIN);
        scheduler.wake(0, 0, 1_000, 0);
        assertFalse(scheduler.givesWay(0, 1_000_000));
    }

    @Test
    void nobodyRunsBeforeItsCoreHasHeardOfIt() {
        Scheduler scheduler = new Scheduler(Policy.PROPORTIONAL_SHARE, 2, List.of(pinned(0), pinned(1), pinned(0)));
        scheduler.next(0, 0);
        scheduler.next(1, 0);
        scheduler.block(0, 10);
        scheduler.next(0, 10);
        assertEquals(0, scheduler.wake(0, 1, 1_000, 600));
        assertFalse(scheduler.givesWay(0, 1_599));
        assertTrue(scheduler.givesWay(0, 1_600));
        scheduler.end(0, 1_100);
        assertEquals(Scheduler.NONE, scheduler.next(0, 1_100));
        assertEquals(1_600, scheduler.earliest(0));
        assertEquals(0, scheduler.next(0, 1_600));
    }

    @Test
    void whoIsTakenOverByAnotherCoreAsksForNoWayOnTheFirst() {
        Scheduler scheduler = new Scheduler(Policy.PROPORTIONAL_SHARE, 2, List.of(ANY, ANY, pinned(0)));
        scheduler.next(0, 0);
        scheduler.next(1, 0);
        scheduler.block(0, 10);
        scheduler.next(0, 10);
        scheduler.wake(0, 0, 20, 0);
        scheduler.end(1, 50);
        assertEquals(0, scheduler.next(1, 50));
        assertFalse(scheduler.givesWay(0, 1_000));
    }

    @Test
    void waitingIsCounted() {
        Scheduler scheduler = roundRobin(1, 2);
        scheduler.next(0, 0);
        scheduler.endTurn(0, 100);
        scheduler.next(0, 100);
        scheduler.endTurn(0, 250);
        scheduler.next(0, 250);
        assertEquals(150, scheduler.waitedCycles(0));
        assertEquals(100, scheduler.waitedCycles(1));
    }

    /** Each runs on one core or waits on one, or is blocked, or has ended; nobody where it may not be. */
    @Test
    void nobodyIsLostWhateverHappens() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            int cores = 1 + random.nextInt(5);
            List<Candidate> candidates = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(9); i++) {
                candidates.add(random.nextBoolean() ? ANY : pinned(random.nextInt(cores)));
            }
            everyoneEnds(random, cores, candidates);
        }
    }

    private static void everyoneEnds(Random random, int cores, List<Candidate> candidates) {
        Policy policy = random.nextBoolean() ? Policy.ROUND_ROBIN : Policy.PROPORTIONAL_SHARE;
        Scheduler scheduler = new Scheduler(policy, cores, candidates);
        List<Integer> blocked = new ArrayList<>();
        long now = 0;
        int steps = 0;
        while (!scheduler.allEnded()) {
            now += random.nextInt(50);
            assertTrue(++steps < 100_000, "somebody never runs");
            int core = random.nextInt(cores);
            int vcpu = scheduler.isIdle(core) ? scheduler.next(core, now) : scheduler.running(core);
            if (vcpu != Scheduler.NONE) {
                assertTrue(candidates.get(vcpu).mayRunOn(core));
                assertEquals(core, scheduler.runningOn(vcpu));
                assertFalse(blocked.contains(vcpu));
                act(random, scheduler, core, vcpu, now, blocked);
            } else if (!blocked.isEmpty()) {
                scheduler.wake(blocked.remove(random.nextInt(blocked.size())), core, now, random.nextInt(9));
            }
        }
        assertTrue(blocked.isEmpty());
    }

    private static void act(Random random, Scheduler scheduler, int core, int vcpu, long now, List<Integer> blocked) {
        switch (random.nextInt(4)) {
            case 0 -> scheduler.endTurn(core, now);
            case 1 -> {
                scheduler.block(core, now);
                assertTrue(scheduler.isBlocked(vcpu));
                blocked.add(vcpu);
            }
            case 2 -> scheduler.end(core, now);
            default -> assertEquals(vcpu, scheduler.running(core));
        }
    }
}
