package hvsim.scenarios.workload;

import org.apache.commons.rng.core.source64.XoShiRo256PlusPlus;
import org.apache.commons.rng.sampling.distribution.AliasMethodDiscreteSampler;
import org.apache.commons.rng.sampling.distribution.DiscreteSampler;
import org.apache.commons.rng.sampling.distribution.RejectionInversionZipfSampler;

/** A page whose rank follows Zipf's law, and any 8 bytes in it. Ranks are scattered over the pages. */
final class ZipfPlaces implements Places {
    private static final int PAGE_SHIFT = 12;
    private static final long UNITS_MASK = 0xff8;

    /** Up to 1 GiB a table of 3 MiB is worth its memory: the sampler without one takes five times as long. */
    private static final int MAX_TABLE_PAGES = 1 << 18;

    private final XoShiRo256PlusPlus random;
    private final DiscreteSampler ranks;
    private final int firstRank;
    private final Scatter scatter;

    /** {@code scatterSeed} is the same for all processes of a VM: they share their hot pages. */
    ZipfPlaces(long workingSetBytes, double skew, long seed, long scatterSeed) {
        long pages = workingSetBytes >>> PAGE_SHIFT;
        random = Seeds.generator(seed);
        ranks = pages <= MAX_TABLE_PAGES
                ? AliasMethodDiscreteSampler.of(random, probabilities((int) pages, skew))
                : RejectionInversionZipfSampler.of(random, (int) pages, skew);
        firstRank = pages <= MAX_TABLE_PAGES ? 0 : 1;
        scatter = new Scatter(pages, scatterSeed);
    }

    @Override
    public void next(long[] places, int count) {
        for (int i = 0; i < count; i++) {
            long page = scatter.of(ranks.sample() - firstRank);
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

    private static double[] probabilities(int pages, double skew) {
        double[] probabilities = new double[pages];
        for (int rank = 0; rank < pages; rank++) {
            probabilities[rank] = StrictMath.pow(rank + 1, -skew); // strict: the same on every processor
        }
        return probabilities;
    }
}
