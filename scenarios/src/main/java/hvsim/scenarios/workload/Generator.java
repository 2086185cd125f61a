package hvsim.scenarios.workload;

import java.nio.ByteBuffer;
import org.apache.commons.rng.core.RandomProviderDefaultState;
import org.apache.commons.rng.core.source64.XoShiRo256PlusPlus;

/** The state of a generator as longs, for positions. */
final class Generator {
    private Generator() {}

    static long[] state(XoShiRo256PlusPlus generator) {
        byte[] state = ((RandomProviderDefaultState) generator.saveState()).getState();
        long[] longs = new long[1 + (state.length + Long.BYTES - 1) / Long.BYTES];
        longs[0] = state.length;
        ByteBuffer bytes =
                ByteBuffer.allocate((longs.length - 1) * Long.BYTES).put(state).rewind();
        bytes.asLongBuffer().get(longs, 1, longs.length - 1);
        return longs;
    }

    static void restore(XoShiRo256PlusPlus generator, long[] longs) {
        ByteBuffer bytes = ByteBuffer.allocate((longs.length - 1) * Long.BYTES);
        bytes.asLongBuffer().put(longs, 1, longs.length - 1);
        byte[] state = new byte[(int) longs[0]];
        bytes.get(state);
        generator.restoreState(new RandomProviderDefaultState(state));
    }
}
