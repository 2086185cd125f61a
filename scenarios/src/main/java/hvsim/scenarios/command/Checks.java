package hvsim.scenarios.command;

import java.util.List;

/** What {@code --strict} forbids. */
final class Checks {
    private Checks() {}

    /** @throws WrongInputException if there are notes and they count as errors */
    static void notes(List<String> notes, boolean strict) throws WrongInputException {
        if (strict && !notes.isEmpty()) {
            throw new WrongInputException(
                    notes.stream().map(note -> "error (--strict): " + note).toList());
        }
    }
}
