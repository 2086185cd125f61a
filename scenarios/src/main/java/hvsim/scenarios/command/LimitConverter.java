package hvsim.scenarios.command;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Real time as nanoseconds. */
final class LimitConverter implements ITypeConverter<Long> {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ns|us|ms|s)");

    @Override
    public Long convert(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw new TypeConversionException("'" + text + "' is no time; written 500ms or 60s");
        }
        int power = switch (time.group(2)) {
            case "ns" -> 0;
            case "us" -> 3;
            case "ms" -> 6;
            default -> 9;
        };
        long nanos = new BigDecimal(time.group(1)).movePointRight(power).longValue();
        if (nanos == 0) {
            throw new TypeConversionException("'" + text + "' leaves no time to run");
        }
        return nanos;
    }
}
