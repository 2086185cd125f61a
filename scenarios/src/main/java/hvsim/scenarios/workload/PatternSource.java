package hvsim.scenarios.workload;

import hvsim.cpu.GuestOp;
import java.util.Arrays;
import org.apache.commons.rng.core.source64.XoShiRo256PlusPlus;

/**
 * References made by a pattern, without end.
 *
 * <pre>
 *   code, 64 KiB               fetches of 4 bytes, one after the other, over and over
 *   data, the working set      references of 8 bytes
 * </pre>
 *
 * What a reference is (fetch, read or write) and where it goes come from generators of their own, so that the
 * places do not depend on the mix.
 */
final class PatternSource implements ReferenceSource {
    static final int CODE_BYTES = 64 << 10;

    private static final int FETCH_BYTES = 4;
    private static final int DATA_BYTES = 8;
    private static final int PIECE = 1024;

    /** A fetch of the first instruction, and references to the first place of the data. */
    private final long fetch;

    private final long read;
    private final long write;
    private final Places places;
    private final long workingSetBytes;
    private final XoShiRo256PlusPlus kinds;
    private final long fetchBound;
    private final long writeBound;
    private final long[] piece = new long[PIECE];
    private int code;
    private long made;

    PatternSource(
            Places places,
            long workingSetBytes,
            long kindSeed,
            Placement placement,
            int codeStart,
            double fetches,
            double writes) {
        this.fetch = GuestOp.memory(GuestOp.FETCH, placement.codeGva(), FETCH_BYTES);
        this.read = GuestOp.memory(GuestOp.READ, placement.dataGva(), DATA_BYTES);
        this.write = GuestOp.memory(GuestOp.WRITE, placement.dataGva(), DATA_BYTES);
        this.places = places;
        this.workingSetBytes = workingSetBytes;
        this.kinds = Seeds.generator(kindSeed);
        this.fetchBound = Share.of(fetches);
        this.writeBound = fetchBound + Share.of((1 - fetches) * writes);
        this.code = codeStart;
    }

    @Override
    public int fill(long[] words, int from, int references) {
        int end = from + references;
        for (int n = from; n < end; n += PIECE) {
            fillPiece(words, n, Math.min(PIECE, end - n));
        }
        made += references;
        return end;
    }

    @Override
    public long made() {
        return made;
    }

    @Override
    public boolean mayTouchNewPages() {
        return true;
    }

    @Override
    public long pagesAtMost(int pageShift) {
        long code = fetchBound == 0 ? 0 : (CODE_BYTES - 1 >>> pageShift) + 1;
        return code + (workingSetBytes - 1 >>> pageShift) + 1;
    }

    @Override
    public long[] position() {
        long[] own = Longs.join(new long[] {made, code}, Generator.state(kinds));
        return Longs.join(Longs.join(new long[] {own.length}, own), places.position());
    }

    @Override
    public void seek(long[] position) {
        int placesAt = 1 + (int) position[0];
        made = position[1];
        code = (int) position[2];
        Generator.restore(kinds, Arrays.copyOfRange(position, 3, placesAt));
        places.seek(Longs.from(position, placesAt));
    }

    @Override
    public void close() {
        // Holds nothing open.
    }

    private void fillPiece(long[] words, int from, int count) {
        if (writeBound == 0) {
            places.next(piece, count);
            for (int i = 0; i < count; i++) {
                words[from + i] = read + piece[i];
            }
            return;
        }
        int data = drawKinds(words, from, count);
        places.next(piece, data);
        for (int i = from, next = 0; next < data; i++) {
            int isData = GuestOp.kind(words[i]) + 1 >> 1;
            words[i] += piece[next] & -isData;
            next += isData;
        }
    }

    /**
     * Fetches are then complete, data references still lack their place; returns how many those are. Without
     * branches, as no processor predicts a random mix.
     */
    private int drawKinds(long[] words, int from, int count) {
        int data = 0;
        int fetched = code;
        for (int i = from; i < from + count; i++) {
            long draw = kinds.nextLong() >>> Integer.SIZE;
            long isFetch = draw - fetchBound >>> Long.SIZE - 1;
            long isWrite = (draw - writeBound >>> Long.SIZE - 1) - isFetch;
            words[i] = read + isWrite * (write - read) + isFetch * (fetch - read + fetched);
            fetched = fetched + FETCH_BYTES * (int) isFetch & CODE_BYTES - 1;
            data += 1 - (int) isFetch;
        }
        code = fetched;
        return data;
    }
}
