package hvsim.multiqueue.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.arrival.ArrivalProcess;
import hvsim.multiqueue.bus.SavedState;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private record At(long nanos) implements Timed {}

    @Test
    void distancesAreKeptInCyclesOfTheMachine() {
        Replay<At> replay = replay(1_000_000_007, 1_000_000_008, 4_000_000_007L);
        assertEquals(List.of(0L, 2L, 7_200_000_000L), cycles(replay, 3));
        assertEquals(ArrivalProcess.NEVER, replay.nextCycle());
        assertThrows(IllegalStateException.class, replay::take);
    }

    @Test
    void timesThatGoBackStandStillAndAreCounted() {
        Replay<At> replay = replay(100, 600, 300, 600, 700);
        assertEquals(List.of(0L, 1200L, 1200L, 1200L, 1440L), cycles(replay, 5));
        assertEquals(1, replay.outOfOrder());
    }

    @Test
    void timesFromAnotherCenturyAreDamage() {
        Replay<At> replay = replay(0, Long.MAX_VALUE);
        assertThrows(BadTraceException.class, replay::take);
    }

    @Test
    void aReplayGoesOnWhereItWasSaved() {
        Replay<At> replay = replay(0, 10, 20, 30);
        replay.take();
        replay.take();
        Replay<At> other = replay(0, 10, 20, 30);
        SavedState.copy(replay::transfer, other::transfer);
        assertEquals(cycles(replay, 2), cycles(other, 2));
    }

    /** More than the memory that tests have. */
    @Test
    @Tag("long")
    void memoryDoesNotDependOnTheLengthOfACapture() {
        PacketTrace trace = PacketTrace.open(new Endless(1L << 31));
        long frames = 0;
        while (trace.next() != null) {
            frames++;
        }
        assertTrue(frames > 1 << 20);
    }

    private static Replay<At> replay(long... nanos) {
        Iterator<At> times = Arrays.stream(nanos).mapToObj(At::new).iterator();
        return new Replay<>(() -> times.hasNext() ? times.next() : null, 2_400_000_000L);
    }

    private static List<Long> cycles(Replay<At> replay, int count) {
        return Stream.generate(() -> {
                    long cycle = replay.nextCycle();
                    replay.take();
                    return cycle;
                })
                .limit(count)
                .toList();
    }

    /** A capture that repeats one record of 1514 bytes. */
    private static final class Endless extends InputStream {
        private static final int HEADER_BYTES = 24;
        private static final int RECORD_BYTES = 16 + 1514;

        private final byte[] bytes = new byte[HEADER_BYTES + RECORD_BYTES];
        private long left;
        private int at;

        Endless(long length) {
            left = length;
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(0xA1B2_C3D4)
                    .putInt(16, 65_535)
                    .putInt(20, 1)
                    .putInt(32, 1514)
                    .putInt(36, 1514);
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (at == bytes.length) {
                at = HEADER_BYTES;
                left -= RECORD_BYTES;
            }
            if (left <= 0) {
                return -1;
            }
            int some = Math.min(length, bytes.length - at);
            System.arraycopy(bytes, at, into, offset, some);
            at += some;
            return some;
        }
    }
}
