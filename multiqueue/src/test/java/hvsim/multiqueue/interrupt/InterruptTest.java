package hvsim.multiqueue.interrupt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InterruptTest {
    @Test
    void withoutModerationEachRequestInterruptsAtOnce() {
        Moderation moderation = new Moderation(ModerationSpec.OFF);
        moderation.completed(70);
        assertEquals(70, moderation.dueCycle());
        assertEquals(1, moderation.fire());
        assertEquals(Moderation.NEVER, moderation.dueCycle());
    }

    @Test
    void theCountInterruptsBeforeTheTime() {
        Moderation moderation = new Moderation(new ModerationSpec(3, 1000));
        moderation.completed(10);
        moderation.completed(20);
        assertEquals(1010, moderation.dueCycle());
        moderation.completed(30);
        assertEquals(30, moderation.dueCycle());
        assertEquals(3, moderation.fire());
    }

    @Test
    void theTimeInterruptsAFewThatAreDone() {
        Moderation moderation = new Moderation(new ModerationSpec(32, 100));
        moderation.completed(5);
        moderation.completed(60);
        assertEquals(105, moderation.dueCycle());
        assertEquals(2, moderation.fire());
    }

    @Test
    void anInterruptThatWasDueIsNotPutOff() {
        Moderation moderation = new Moderation(new ModerationSpec(2, 100));
        moderation.completed(0);
        moderation.completed(90);
        moderation.completed(95);
        assertEquals(90, moderation.dueCycle());
    }

    @Test
    void noRequestWaitsLongerThanTheTimeAndNoneIsForgotten() {
        SplittableRandom random = new SplittableRandom(1);
        Moderation moderation = new Moderation(new ModerationSpec(8, 500));
        long now = 0;
        long oldest = -1;
        long served = 0;
        for (int i = 0; i < 100_000; i++) {
            now += random.nextInt(200);
            if (moderation.dueCycle() <= now) {
                assertTrue(moderation.dueCycle() - oldest <= 500);
                served += moderation.fire();
                oldest = -1;
            }
            moderation.completed(now);
            oldest = oldest < 0 ? now : oldest;
        }
        assertEquals(100_000, served + moderation.fire());
    }

    @Test
    void waitingForManyNeedsATime() {
        assertThrows(IllegalArgumentException.class, () -> new ModerationSpec(2, 0));
        assertThrows(IllegalArgumentException.class, () -> new ModerationSpec(0, 10));
    }

    @Test
    void aMaskedVectorComesOnceWhenItIsUnmasked() {
        InterruptVectors vectors = new InterruptVectors(4);
        vectors.mask(2);
        assertFalse(vectors.raise(2));
        assertFalse(vectors.raise(2));
        assertEquals(InterruptVectors.NONE, vectors.poll());
        assertTrue(vectors.unmask(2));
        assertEquals(2, vectors.poll());
        assertEquals(InterruptVectors.NONE, vectors.poll());
        assertFalse(vectors.unmask(2));
    }

    @Test
    void messagesThatNobodyPolledYetAreOne() {
        InterruptVectors vectors = new InterruptVectors(70);
        assertTrue(vectors.raise(66));
        assertTrue(vectors.raise(3));
        assertTrue(vectors.raise(66));
        assertEquals(3, vectors.poll());
        assertEquals(66, vectors.poll());
        assertEquals(InterruptVectors.NONE, vectors.poll());
    }
}
