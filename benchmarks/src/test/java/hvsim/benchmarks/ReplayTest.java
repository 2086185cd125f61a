package hvsim.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import hvsim.scenarios.trace.Trace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The committed trace against what {@code reftlb} counted on it. */
class ReplayTest {
    private static final Path TRACE = Path.of("../scenarios/library/traces/gzip.lackey.xz");

    @ParameterizedTest
    @MethodSource("lines")
    void theModelCountsWhatTheOracleCounts(String line) {
        Map<String, String> theirs = words(line);
        Replay replay = new Replay(
                theirs.get("mode").equals("nested"),
                theirs.get("psc").equals("1"),
                Integer.parseInt(theirs.get("ntlb")));
        ReftlbCounts ours = replay.run(Trace.open(TRACE, TRACE.toString(), false), Long.MAX_VALUE);
        theirs.keySet().retainAll(ours.byName().keySet());
        assertEquals(theirs, words(ours.toString()));
    }

    static List<String> lines() throws IOException {
        try (InputStream in = ReplayTest.class.getResourceAsStream("gzip.reftlb.txt")) {
            assertNotNull(in);
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    private static Map<String, String> words(String line) {
        Map<String, String> words = new LinkedHashMap<>();
        for (String word : line.split(" ", -1)) {
            int equals = word.indexOf('=');
            words.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return words;
    }
}
