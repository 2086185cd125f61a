package hvsim.scenarios.workload;

import org.apache.commons.rng.core.source64.XoShiRo256PlusPlus;

/** Any 8 bytes of the hot part or of the cold rest. */
final class HotspotPlaces implements Places {
    private static final int UNIT_SHIFT = 3;

    private final XoShiRo256PlusPlus random;
    private final long hotUnits;
    private final long coldUnits;
    private final long hits;

    HotspotPlaces(long workingSetBytes, double hot, double hits, long seed) {
        long units = workingSetBytes >>> UNIT_SHIFT;
        this.random = Seeds.generator(seed);
        this.hotUnits = Math.max(1, (long) (units * hot));
        this.coldUnits = units - hotUnits;
        this.hits = coldUnits == 0 ? Share.ALWAYS : Share.of(hits);
    }

    @Override
    public void next(long[] places, int count) {
        for (int i = 0; i < count; i++) {
            boolean hit = random.nextLong() >>> Integer.SIZE < hits;
            long unit = Seeds.scale(random.nextLong(), hit ? hotUnits : coldUnits);
            places[i] = (hit ? unit : hotUnits + unit) << UNIT_SHIFT;
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
