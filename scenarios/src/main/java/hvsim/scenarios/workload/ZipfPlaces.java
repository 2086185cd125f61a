package hvsim.scenarios.workload;

import org.apache.commons.rng.core.source64.XoShiRo256PlusPlus;
import org.apache.commons.rng.sampling.distribution.DiscreteSampler;
import org.apache.commons.rng.sampling.distribution.RejectionInversionZipfSampler;

/** A page whose rank follows Zipf's law, and any 8 bytes in it. Ranks are scattered over the pages. */
final class ZipfPlaces implements Places {
    private static final int PAGE_SHIFT = 12;
    private static final long UNITS_MASK = 0xff8;

    private final XoShiRo256PlusPlus random;
    private final DiscreteSampler ranks;
    private final Scatter scatter;

    /** {@code scatterSeed} is the same for all processes of a VM: they share their hot pages. */
    ZipfPlaces(long workingSetBytes, double skew, long seed, long scatterSeed) {
        long pages = workingSetBytes >>> PAGE_SHIFT;
        random = Seeds.generator(seed);
        ranks = RejectionInversionZipfSampler.of(random, (int) pages, skew);
        scatter = new Scatter(pages, scatterSeed);
    }

    @Override
    public void next(long[] places, int count) {
        for (int i = 0; i < count; i++) {
            long page = scatter.of(ranks.sample() - 1);
            places[i] = page << PAGE_SHIFT | random.nextLong() >>> Long.SIZE - PAGE_SHIFT & UNITS_MASK;
        }
    }

    @Override
    public long[] position() {
        return Generator.state(random);
    }

    @Override
    public void seek(long[] position) {
        Generator.restore(random, position);
    }
}
