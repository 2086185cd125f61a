package hvsim.scenarios.trace;

import java.util.HashMap;
import java.util.Map;

/** Numbers a trace's threads from 0 in the order of their first records. */
final class Threads {
    /** Bounds memory; a trace of more is damaged. */
    static final int MOST = 1 << 16;

    static final int TOO_MANY = -1;

    private final Map<Long, Integer> numbers = new HashMap<>();
    private long last = -1;
    private int lastNumber;

    /**
     * @param thread not negative
     * @return {@link #TOO_MANY} for those after the first {@link #MOST}
     */
    int number(long thread) {
        if (thread != last) {
            last = thread;
            lastNumber = numberOf(thread);
        }
        return lastNumber;
    }

    private int numberOf(long thread) {
        if (numbers.size() < MOST) {
            numbers.putIfAbsent(thread, numbers.size());
        }
        return numbers.getOrDefault(thread, TOO_MANY);
    }

    int count() {
        return numbers.size();
    }
}
