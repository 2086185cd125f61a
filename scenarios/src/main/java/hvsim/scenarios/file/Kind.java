package hvsim.scenarios.file;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a key asks for: reads a single value, or says what would be right. */
interface Kind<T> {
    T read(String text) throws BadValueException;

    Kind<Boolean> SWITCH = text -> switch (text) {
        case "on", "true" -> true;
        case "off", "false" -> false;
        default -> throw new BadValueException(Text.quoted(text) + " is no switch", "choices: on, off");
    };

    Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,39}");

    Kind<String> TEXT = text -> text;

    static Kind<Long> whole(long min, long max) {
        String range = "a whole number, " + Text.grouped(min) + " to " + Text.grouped(max);
        return text -> {
            if (text.startsWith("-")) {
                throw new BadValueException(Text.quoted(text) + " is negative", range);
            }
            return inRange(text, Count.parse(text, range), min, max, range);
        };
    }

    static Kind<Integer> count(int min, int max) {
        Kind<Long> whole = whole(min, max);
        return text -> Math.toIntExact(whole.read(text));
    }

    static Kind<Bytes> bytes(long min, long max, long multiple) {
        String range =
                new Bytes(min) + " to " + new Bytes(max) + (multiple > 1 ? ", in steps of " + new Bytes(multiple) : "");
        return text -> {
            Bytes value = Bytes.parse(text);
            inRange(text, value.bytes(), min, max, range);
            if (value.bytes() % multiple != 0) {
                throw new BadValueException(Text.quoted(text) + " is no multiple of " + new Bytes(multiple), range);
            }
            return value;
        };
    }

    static Kind<Time> time(long minNanos, long maxNanos) {
        String range = new Time(minNanos) + " to " + new Time(maxNanos);
        return text -> {
            Time value = Time.parse(text);
            inRange(text, value.nanos(), minNanos, maxNanos, range);
            return value;
        };
    }

    static Kind<Frequency> frequency(long min, long max) {
        String range = new Frequency(min) + " to " + new Frequency(max);
        return text -> {
            Frequency value = Frequency.parse(text);
            inRange(text, value.hertz(), min, max, range);
            return value;
        };
    }

    private static long inRange(String text, long value, long min, long max, String range) throws BadValueException {
        if (value < min || value > max) {
            throw new BadValueException(Text.quoted(text) + " is too " + (value < min ? "small" : "large"), range);
        }
        return value;
    }

    /** One of the words of an enum. */
    static <E extends Enum<E> & Choice> Kind<E> choice(Class<E> type) {
        List<E> all = List.of(type.getEnumConstants());
        return text -> {
            Optional<E> found = all.stream().filter(e -> e.word().equals(text)).findFirst();
            if (found.isEmpty()) {
                throw noChoice(text, all.stream().map(Choice::word).toList());
            }
            return found.get();
        };
    }

    private static BadValueException noChoice(String text, List<String> words) {
        String choices = "choices: " + String.join(", ", words);
        String renamed = Words.nameHere(text).orElse(text);
        if (words.contains(renamed)) {
            return new BadValueException(
                    "there is no " + Text.quoted(text) + "; here it is called '" + renamed + "'", choices);
        }
        if (Words.isNotYet(renamed)) {
            return new BadValueException("'" + renamed + "' does not exist in this version", choices);
        }
        String hint = Words.nearest(text, words)
                .map(word -> "; did you mean '" + word + "'?")
                .orElse("");
        return new BadValueException("there is no " + Text.quoted(text) + hint, choices);
    }
}
