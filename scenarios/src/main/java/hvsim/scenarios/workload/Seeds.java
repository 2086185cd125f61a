package hvsim.scenarios.workload;

import java.nio.charset.StandardCharsets;
import org.apache.commons.rng.core.source64.XoShiRo256PlusPlus;

/**
 * Where randomness comes from: every stream has a name, and its generator is seeded from a hash of the
 * scenario's seed and that name. So streams are independent, and adding one changes no other.
 *
 * <p>The hash is FNV-1a (64 bits) over the eight bytes of the seed, least significant first, and the name in
 * UTF-8, finished by the mixing function of SplitMix64. It must never change: results depend on it.
 */
public final class Seeds {
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private Seeds() {}

    public static long derive(long seed, String name) {
        long hash = FNV_BASIS;
        for (int bit = 0; bit < Long.SIZE; bit += Byte.SIZE) {
            hash = (hash ^ seed >>> bit & 0xFF) * FNV_PRIME;
        }
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ b & 0xFF) * FNV_PRIME;
        }
        return mix(hash);
    }

    static XoShiRo256PlusPlus generator(long seed) {
        return new XoShiRo256PlusPlus(at(seed, 0), at(seed, 1), at(seed, 2), at(seed, 3));
    }

    /** The number at {@code index} of the SplitMix64 sequence of {@code seed}: random access, no state. */
    static long at(long seed, long index) {
        return mix(seed + (index + 1) * GOLDEN);
    }

    /** A number from 0 to {@code bound - 1} made from 64 random bits; {@code bound} is below 2^62. */
    static long scale(long random, long bound) {
        return Math.multiplyHigh(random >>> 1, bound << 1);
    }

    private static long mix(long z) {
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
