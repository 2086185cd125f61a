package hvsim.multiqueue.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.bus.ArrayMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.RingFault;
import hvsim.multiqueue.bus.SavedState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random interleavings of a driver and a controller: no command is lost, doubled or taken out of turn. */
class NvmeLawTest {
    private static final int STEPS = 60_000 / Integer.getInteger("hvsim.law.divisor", 1);
    private static final int SHADOW = 0x1000;
    private static final int EVENT = 0x2000;
    private static final int SUBMISSION = 0x4000;
    private static final int COMPLETION = 0x8000;
    private static final NvmeNamespace DISK = new NvmeNamespace(1, 1 << 20, 4096);

    private final ArrayMemory memory = new ArrayMemory(1 << 16);
    private final Chain chain = new Chain();
    private final Deque<Integer> submitted = new ArrayDeque<>();
    private final List<Integer> taken = new ArrayList<>();
    private final Deque<Integer> done = new ArrayDeque<>();
    private SplittableRandom random;
    private NvmeLayout layout;
    private NvmeDriver driver;
    private NvmeQueuePair pair;
    private boolean shadowed;
    private int nextId;
    private long finished;
    private long registerWrites;

    @ParameterizedTest
    @CsvSource({
        "2, 2, false",
        "2, 5, false",
        "17, 4, false",
        "64, 64, false",
        "2, 2, true",
        "17, 4, true",
        "64, 64, true"
    })
    void nothingIsLostDoubledOrTakenOutOfTurn(int submissions, int completions, boolean shadows) {
        layout = new NvmeLayout(3, SUBMISSION, submissions, COMPLETION, completions);
        driver = new NvmeDriver(memory, layout);
        shadowed = shadows;
        pair = newPair();
        random = new SplittableRandom(submissions);
        for (int i = 0; i < STEPS; i++) {
            step(random.nextInt(50));
            assertEquals(RingFault.NONE, pair.fault());
        }
        assertTrue(finished > STEPS / 20, "commands came through: " + finished);
        assertTrue(!shadows || registerWrites < 2 * finished, "shadows spare some writes of registers");
    }

    private NvmeQueuePair newPair() {
        NvmeQueuePair result = new NvmeQueuePair(memory, layout, DISK);
        if (shadowed) {
            result.useShadows(submissionShadow(), completionShadow());
        }
        return result;
    }

    private ShadowDoorbell submissionShadow() {
        return new ShadowDoorbell(memory, SHADOW, EVENT);
    }

    private ShadowDoorbell completionShadow() {
        return new ShadowDoorbell(memory, SHADOW + 4, EVENT + 4);
    }

    private void step(int choice) {
        switch (choice / 10) {
            case 0, 1 -> submit();
            case 2 -> take();
            case 3 -> giveBack();
            default -> finish(choice);
        }
    }

    private void finish(int choice) {
        if (choice == 49) {
            saveAndLoad();
        } else {
            takeCompletion();
        }
    }

    private void submit() {
        nextId = nextId + 1 & 0xFFFF;
        if (driver.submit(new NvmeCommand(2, nextId, 1, 0x3000, 0, 7, 1))) {
            submitted.add(nextId);
            if (!shadowed) {
                pair.setTail(driver.tail());
            } else if (submissionShadow().set(driver.tail())) {
                registerWrites++;
                pair.setTail(driver.tail());
            }
        }
    }

    private void take() {
        boolean room = taken.size() + done.size() + 1 < layout.completionEntries();
        boolean some = pair.take(chain);
        assertEquals(room && !submitted.isEmpty(), some);
        if (some) {
            assertEquals(submitted.remove(), chain.id());
            taken.add(chain.id());
        }
    }

    private void giveBack() {
        if (!taken.isEmpty()) {
            int id = taken.remove(random.nextInt(taken.size()));
            pair.giveBack(id, 1, 4096);
            done.add(id);
            assertTrue(pair.wantsInterrupt());
            assertFalse(pair.wantsInterrupt());
        }
    }

    private void takeCompletion() {
        long completion = driver.takeCompletion();
        if (done.isEmpty()) {
            assertEquals(NvmeDriver.NONE, completion);
            return;
        }
        assertEquals((long) done.remove(), completion);
        finished++;
        if (!shadowed) {
            pair.setCompletionHead(driver.completionHead());
        } else if (completionShadow().set(driver.completionHead())) {
            registerWrites++;
            pair.setCompletionHead(driver.completionHead());
        }
    }

    private void saveAndLoad() {
        NvmeQueuePair otherPair = newPair();
        NvmeDriver otherDriver = new NvmeDriver(memory, layout);
        SavedState.copy(pair::transfer, otherPair::transfer);
        SavedState.copy(driver::transfer, otherDriver::transfer);
        pair = otherPair;
        driver = otherDriver;
    }
}
