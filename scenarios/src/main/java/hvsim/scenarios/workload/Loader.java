package hvsim.scenarios.workload;

import hvsim.cpu.GuestOp;
import hvsim.scenarios.trace.PageSet;
import java.util.Arrays;

/**
 * Tells the guest's kernel to map each page right before a process first touches it. Keeps the pages that one
 * process has touched.
 */
final class Loader {
    private final int pageShift;
    private final long pagesAtMost;
    private PageSet touched = new PageSet();

    Loader(int pageShift, long pagesAtMost) {
        this.pageShift = pageShift;
        this.pagesAtMost = pagesAtMost;
    }

    /** Whether there are pages left to touch. */
    boolean hasWork() {
        return touched.size() < pagesAtMost;
    }

    /** Index of the first reference in {@code words} from {@code from} to {@code end} to an untouched page, or {@code end}. */
    int firstNew(long[] words, int from, int end) {
        int i = from;
        while (i < end) {
            long word = words[i];
            if (word >= 0) {
                long gva = GuestOp.gva(word);
                long page = gva >>> pageShift;
                if (!touched.contains(page) || spills(gva, GuestOp.sizeBytes(word), page)) {
                    return i;
                }
                i++;
            } else if (isNew(words, i)) {
                return i;
            } else {
                i += GuestOp.words(word);
            }
        }
        return end;
    }

    /** Writes the operation at {@code i} behind the PREMAP words of its untouched pages into {@code queue}. */
    void load(long[] words, int i, Queue queue) {
        long gva = gva(words, i);
        long last = gva + size(words, i) - 1 >>> pageShift;
        for (long page = gva >>> pageShift; page <= last; page++) {
            if (touched.add(page)) {
                queue.add(GuestOp.premap(page << pageShift));
            }
        }
        for (int n = 0; n < GuestOp.words(words[i]); n++) {
            queue.add(words[i + n]);
        }
    }

    long[] position() {
        return touched.toArray();
    }

    void seek(long[] pages) {
        touched = PageSet.of(pages);
    }

    private boolean spills(long gva, int size, long page) {
        long last = gva + size - 1 >>> pageShift;
        return last != page && !touched.contains(last);
    }

    private boolean isNew(long[] words, int i) {
        long gva = gva(words, i);
        long last = gva + size(words, i) - 1 >>> pageShift;
        for (long page = gva >>> pageShift; page <= last; page++) {
            if (!touched.contains(page)) {
                return true;
            }
        }
        return false;
    }

    private static long gva(long[] words, int i) {
        return GuestOp.gva(GuestOp.kind(words[i]) == GuestOp.WIDE ? words[i + 1] : words[i]);
    }

    private static int size(long[] words, int i) {
        return GuestOp.kind(words[i]) == GuestOp.WIDE ? GuestOp.wideSizeBytes(words[i]) : GuestOp.sizeBytes(words[i]);
    }

    /** Words on their way into the caller's batch. */
    static final class Queue {
        private long[] words = new long[256];
        private int head;
        private int tail;

        boolean isEmpty() {
            return head == tail;
        }

        void add(long word) {
            if (tail == words.length) {
                words = Arrays.copyOf(words, 2 * words.length);
            }
            words[tail++] = word;
        }

        /** Moves whole operations into the batch from index {@code n}, as many as fit; the index after them. */
        int drain(long[] batch, int n) {
            int at = n;
            while (head < tail && at + GuestOp.words(words[head]) <= batch.length) {
                for (int left = GuestOp.words(words[head]); left > 0; left--) {
                    batch[at++] = words[head++];
                }
            }
            if (head == tail) {
                head = 0;
                tail = 0;
            }
            return at;
        }

        long[] toArray() {
            return Arrays.copyOfRange(words, head, tail);
        }

        void set(long[] content) {
            words = Arrays.copyOf(content, Math.max(256, content.length));
            head = 0;
            tail = content.length;
        }
    }
}
