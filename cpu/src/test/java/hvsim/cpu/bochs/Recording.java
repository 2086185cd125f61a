package hvsim.cpu.bochs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** What an image printed on Bochs; cpu/src/test/bochs/README.md has the format. */
final class Recording {
    private final List<String[]> lines;
    private final Map<Integer, Long> msrs = new HashMap<>();
    private int physicalAddressBits;
    private long cpuid7Ecx;

    private Recording(List<String[]> lines) {
        this.lines = lines;
        for (String[] line : lines) {
            switch (line[0]) {
                case "physical_width" -> physicalAddressBits = (int) number(line[1]);
                case "cpuid7" -> cpuid7Ecx = number(line[2]);
                case "msr" -> msrs.put((int) number(line[1]), number(line[2]));
                default -> {}
            }
        }
    }

    /** @param name of a resource beside the tests, without folder and ending */
    static Recording of(String name) {
        InputStream resource = Recording.class.getResourceAsStream("/bochs/" + name + ".txt.gz");
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Objects.requireNonNull(resource, name)), StandardCharsets.US_ASCII))) {
            return new Recording(reader.lines().map(line -> line.split(" ", -1)).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String[]> lines() {
        return lines;
    }

    /** A capability MSR of the recorded processor. */
    long msr(int msr) {
        return Objects.requireNonNull(msrs.get(msr));
    }

    int physicalAddressBits() {
        return physicalAddressBits;
    }

    /** CPUID.07H:ECX. */
    long cpuid7Ecx() {
        return cpuid7Ecx;
    }

    static long number(String hexadecimal) {
        return Long.parseUnsignedLong(hexadecimal, 16);
    }
}
