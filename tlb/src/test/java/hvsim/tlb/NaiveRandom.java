package hvsim.tlb;

import java.math.BigInteger;

/** xorshift64* with numbers that have no width, so that nothing is cut off but what the definition cuts off. */
final class NaiveRandom {
    private static final BigInteger RANGE = BigInteger.TWO.pow(64);
    private static final BigInteger MULTIPLIER = new BigInteger("2685821657736338717");

    private BigInteger state;

    NaiveRandom(long seed) {
        state = new BigInteger(Long.toUnsignedString(seed));
    }

    int next(int bound) {
        state = state.xor(state.shiftRight(12));
        state = state.xor(state.shiftLeft(25)).mod(RANGE);
        state = state.xor(state.shiftRight(27));
        BigInteger upperHalf = state.multiply(MULTIPLIER).mod(RANGE).shiftRight(32);
        return upperHalf.multiply(BigInteger.valueOf(bound)).shiftRight(32).intValueExact();
    }
}
