package hvsim.scenarios.file;

import java.util.List;
import java.util.function.Predicate;

/**
 * Keys that have no effect under a condition.
 *
 * @param keys paths below the group that the rule is about, divided by blanks; {@code group.*} is all that is in a group
 * @param why the condition, after "has no effect"
 * @param idle whether it is so
 */
record EffectRule<S>(String keys, String why, Predicate<S> idle) {
    List<String> paths() {
        return List.of(keys.split(" ", -1));
    }
}
