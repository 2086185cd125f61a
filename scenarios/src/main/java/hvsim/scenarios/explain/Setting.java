package hvsim.scenarios.explain;

/** One NAME=VALUE or NAME of an option that lists several; without a value it is switched on. */
record Setting(String name, String value) {
    static Setting of(String text) {
        int equals = text.indexOf('=');
        return equals < 0
                ? new Setting(text.trim(), "on")
                : new Setting(
                        text.substring(0, equals).trim(),
                        text.substring(equals + 1).trim());
    }

    boolean isOn() {
        return switch (value) {
            case "on", "1", "true" -> true;
            case "off", "0", "false" -> false;
            default -> throw new QuestionException(name + ": '" + value + "' is neither on nor off", "");
        };
    }

    long number() {
        return number(value, name);
    }

    /** A number as it is written in questions: decimal, or hexadecimal after 0x; 64 bits, without a sign. */
    static long number(String text, String what) {
        String digits = text.replace("_", "");
        try {
            return digits.startsWith("0x") || digits.startsWith("0X")
                    ? Long.parseUnsignedLong(digits.substring(2), 16)
                    : Long.parseUnsignedLong(digits);
        } catch (NumberFormatException e) {
            throw new QuestionException(
                    what + ": '" + text + "' is no number of 64 bits", "decimal, or hexadecimal as 0x1f");
        }
    }
}
