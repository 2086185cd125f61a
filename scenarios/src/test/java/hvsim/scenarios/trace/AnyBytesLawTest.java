package hvsim.scenarios.trace;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.ProgramUnreadableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Samples with bits turned, bytes put in, taken out and doubled, and ends cut off. */
class AnyBytesLawTest {
    private static final int INPUTS = 10_000;
    private static final int AT_ONCE = 500;
    private static final int CUT = 400;
    private static final Pattern PLACE = Pattern.compile(
            "^t: error: (line |byte |after byte |the beginning|is empty|" + "holds no reference|'.*' begins no trace)");
    private static final Duration FOR_THESE = Duration.ofSeconds(60);
    private static final List<String> SPLICES = List.of(
            "\n",
            "\r\n",
            ",",
            "0x",
            ": ",
            " ",
            "-",
            "#",
            "<",
            "W0.T",
            "18446744073709551616",
            "\0",
            "ffff800000000000");

    static Set<String> samples() {
        return Samples.all().keySet();
    }

    /** One of each format. */
    static Set<String> formats() {
        return samples().stream()
                .filter(name -> name.matches("sample\\.[a-z0-9]+"))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("formats")
    void aDamagedSampleIsReadOrRefused(String name) {
        mutate(name, 1, 4 * Integer.getInteger("hvsim.law.divisor", 1));
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("samples")
    void manyDamagedSamplesAreReadOrRefused(String name) {
        for (int seed = 2; seed < 12; seed++) {
            mutate(name, seed, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aSampleCutOffAfterAnyByteIsReadOrItsPlaceNamed(String name) {
        byte[] sample = Samples.all().get(name).bytes();
        for (int length = 0; length < Math.min(sample.length, CUT); length++) {
            byte[] cut = Arrays.copyOf(sample, length);
            AnyBytes.fuzzerTestOneInput(cut);
            try {
                Traces.open(cut, false).info();
            } catch (ProgramUnreadableException e) {
                assertTrue(PLACE.matcher(e.getMessage()).find(), e.getMessage());
            }
        }
    }

    @Test
    void hardInputsAreReadOrRefused() throws IOException {
        try (Stream<Path> files = Files.list(Samples.FOLDER.resolve("fuzz"))) {
            for (Path file : files.toList()) {
                AnyBytes.fuzzerTestOneInput(Files.readAllBytes(file));
            }
        }
    }

    private static void mutate(String name, long seed, int divisor) {
        byte[] sample = Samples.all().get(name).bytes();
        SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode());
        for (int i = 0; i < INPUTS / divisor; i += AT_ONCE) {
            SplittableRandom ofThese = random.split();
            assertTimeoutPreemptively(FOR_THESE, () -> {
                for (int k = 0; k < AT_ONCE; k++) {
                    AnyBytes.fuzzerTestOneInput(mutated(sample, ofThese));
                }
            });
        }
    }

    private static byte[] mutated(byte[] sample, SplittableRandom random) {
        byte[] bytes = sample;
        for (int times = random.nextInt(1, 5); times > 0 && bytes.length > 0; times--) {
            int at = random.nextInt(bytes.length);
            bytes = switch (random.nextInt(6)) {
                case 0 -> changed(bytes, at, bytes[at] ^ 1 << random.nextInt(8));
                case 1 -> changed(bytes, at, random.nextInt());
                case 2 -> Arrays.copyOf(bytes, at);
                case 3 ->
                    put(
                            bytes,
                            at,
                            at,
                            SPLICES.get(random.nextInt(SPLICES.size())).getBytes(ISO_8859_1));
                case 4 -> put(bytes, at, Math.min(bytes.length, at + random.nextInt(90)), new byte[0]);
                default -> put(bytes, at, at, Arrays.copyOfRange(bytes, random.nextInt(at + 1), at));
            };
        }
        return bytes;
    }

    private static byte[] changed(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    /** {@code middle} instead of the bytes between. */
    private static byte[] put(byte[] bytes, int from, int to, byte[] middle) {
        byte[] longer = Arrays.copyOf(bytes, from + middle.length + bytes.length - to);
        System.arraycopy(middle, 0, longer, from, middle.length);
        System.arraycopy(bytes, to, longer, from + middle.length, bytes.length - to);
        return longer;
    }
}
