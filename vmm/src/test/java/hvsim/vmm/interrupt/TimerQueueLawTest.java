package hvsim.vmm.interrupt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.cpu.apic.LocalApic;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Queues of several cores against sorted sets. */
class TimerQueueLawTest {
    private static final int VCPUS = 40;
    private static final int CORES = 3;

    /** Deadline, then number, as one number. */
    private static long key(long deadline, int vcpu) {
        return deadline * VCPUS + vcpu;
    }

    private static int coreOf(List<NavigableSet<Long>> naive, int vcpu) {
        for (int core = 0; core < CORES; core++) {
            if (naive.get(core).stream().anyMatch(key -> key % VCPUS == vcpu)) {
                return core;
            }
        }
        return -1;
    }

    @Test
    void theFirstIsAlwaysTheEarliestOfThoseThatAreThere() {
        Random random = new Random(11);
        int[] placeOf = new int[VCPUS];
        List<TimerQueue> queues = new ArrayList<>();
        List<NavigableSet<Long>> naive = new ArrayList<>();
        for (int core = 0; core < CORES; core++) {
            queues.add(new TimerQueue(placeOf));
            naive.add(new TreeSet<>());
        }
        for (int step = 0; step < 100_000; step++) {
            int vcpu = random.nextInt(VCPUS);
            int in = coreOf(naive, vcpu);
            int core = random.nextInt(CORES);
            if (in < 0) {
                long deadline = random.nextInt(50);
                queues.get(core).add(vcpu, deadline);
                naive.get(core).add(key(deadline, vcpu));
            } else if (random.nextBoolean()) {
                queues.get(in).remove(vcpu);
                naive.get(in).removeIf(key -> key % VCPUS == vcpu);
            } else {
                long first = naive.get(in).first();
                naive.get(in).remove(first);
                assertEquals(first % VCPUS, queues.get(in).take());
            }
            queues.get(core).remove(vcpuElsewhere(naive, core));
            for (int i = 0; i < CORES; i++) {
                long first =
                        naive.get(i).isEmpty() ? LocalApic.NEVER : naive.get(i).first() / VCPUS;
                assertEquals(first, queues.get(i).first());
            }
        }
    }

    /** One that is not in the queue of that core. */
    private static int vcpuElsewhere(List<NavigableSet<Long>> naive, int core) {
        int vcpu = 0;
        while (coreOf(naive, vcpu) == core) {
            vcpu++;
        }
        return vcpu;
    }
}
