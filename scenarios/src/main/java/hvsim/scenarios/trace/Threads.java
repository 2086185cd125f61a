package hvsim.scenarios.trace;

import java.util.HashMap;
import java.util.Map;

/** Numbers a trace's threads from 0 in the order of their first records. */
final class Threads {
    private final Map<Long, Integer> numbers = new HashMap<>();
    private long last = -1;
    private int lastNumber;

    /** @param thread not negative */
    int number(long thread) {
        if (thread != last) {
            last = thread;
            lastNumber = numbers.computeIfAbsent(thread, t -> numbers.size());
        }
        return lastNumber;
    }

    int count() {
        return numbers.size();
    }
}
