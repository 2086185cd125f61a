package hvsim.scenarios.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostileFilesTest {
    private final Lab lab;

    HostileFilesTest(@TempDir Path folder) {
        lab = new Lab(folder);
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("", "1:1: error: the file is empty"),
                Arguments.of("# nothing\n", "1:1: error: the file is empty"),
                Arguments.of("- a\n", "1:1: error: the file is a list, not a group of keys"),
                Arguments.of("hello\n", "1:1: error: the file is a single value, not a group of keys"),
                Arguments.of("~\n", "1:1: error: the file is empty, not a group of keys"),
                Arguments.of("title: a\n---\ntitle: b\n", "2:1: error: a second document starts here"),
                Arguments.of("run: {seed: 1\n", "2:1: error: not YAML: expected ',' or '}', but got <stream end>"),
                Arguments.of("run:\n\tseed: 1\n", "2:1: error: not YAML: found character"),
                Arguments.of("title: a\ntitle: b\n", "2:1: error: key 'title' stands here a second time"),
                Arguments.of("? [a]\n: 1\n", "1:3: error: a list cannot be a key"),
                Arguments.of("<<: {a: 1}\n", "1:1: error: merge keys (<<) are not understood"),
                Arguments.of(
                        "title: !!java.net.URL [x]\n",
                        "1:8: error: tag 'tag:yaml.org,2002:java.net.URL' has no meaning here"),
                Arguments.of(
                        "title: !!binary aGVsbG8=\n", "1:8: error: tag 'tag:yaml.org,2002:binary' has no meaning here"),
                Arguments.of("title: *a\n", "1:8: error: alias *a names nothing before it"),
                Arguments.of("title: &a [*a]\n", "1:12: error: alias *a names nothing before it"),
                Arguments.of("title: a\u0007b\n", "1:9: error: character U+0007 is not allowed in text"),
                Arguments.of("machine: {preset: \"\\0.x\"}\n", "1:19: error: machine.preset: '\\u0000.x' is no path"),
                Arguments.of("machine: {memory: " + "9".repeat(100_000) + "GiB}", "1:19: error: machine.memory: '999"),
                Arguments.of("k".repeat(1000) + ": 1", "1:1: error: unknown key 'kkk"),
                Arguments.of("[".repeat(100_000), "1:51: error: nested deeper than 50 levels"),
                Arguments.of("x: " + "{a: ".repeat(60) + "1" + "}".repeat(60), "1:"),
                Arguments.of("title: \"" + "x".repeat(9 << 20) + "\"", "1:1: error: more than 8MiB"),
                Arguments.of("title: \"" + "x".repeat(4 << 20) + "\"", "1:1: error: more than 3,145,728 characters"),
                Arguments.of(aliasBomb(), "7:"));
    }

    private static String aliasBomb() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            String inner = "*a" + (i - 1);
            bomb.append("a" + i + ": &a" + i + " ["
                    + String.join(", ", List.of(inner, inner, inner, inner, inner, inner)) + "]\n");
        }
        return bomb.toString();
    }

    @ParameterizedTest
    @MethodSource("texts")
    void noTextGetsFurtherThanItsError(String text, String begin) {
        String said = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> lab.errors(text));
        assertTrue(said.startsWith("lab.yaml:" + begin), said);
        assertTrue(said.endsWith("in lab.yaml; nothing was run"), said);
        assertTrue(said.length() < 100_000, "a short answer");
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        lab.with("lab.yaml", new byte[] {'a', ':', '\n', 'b', (byte) 0xC3, 0x28});
        assertTrue(lab.errorsOf("lab.yaml", List.of(), List.of())
                .startsWith("lab.yaml:2:2: error: byte 0xc3 is not UTF-8"));
        lab.with("lab.yaml", new byte[] {(byte) 0xFF, (byte) 0xFE, 'a', 0});
        assertTrue(lab.errorsOf("lab.yaml", List.of(), List.of())
                .startsWith("lab.yaml:1:1: error: byte 0xff is not UTF-8"));
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheText() throws Exception {
        assertEquals("x", lab.scenario("\uFEFFtitle: x").title());
    }

    @Test
    void oneHundredErrorsAreEnough() {
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            yaml.append("k").append(i).append(": 1\n");
        }
        String said = lab.errors(yaml.toString());
        assertTrue(said.endsWith("and 4,900 more\n5,000 errors in lab.yaml; nothing was run"), said);
    }

    @Test
    void foldersAndMissingFilesAreSaidToBeSo() {
        lab.with("folder/x.yaml", "");
        assertTrue(lab.errorsOf("folder", List.of(), List.of())
                .startsWith("hvsim run: error: 'folder': is a folder, not a file"));
        assertTrue(lab.errorsOf("none.yaml", List.of(), List.of())
                .startsWith("hvsim run: error: 'none.yaml': there is no such file"));
    }

    @Test
    void settingsAreNoWayAroundTheChecks() {
        for (String setting : List.of(
                "",
                "=",
                "a",
                "=1",
                "a..b=1",
                ".=1",
                "machine={",
                "machine=[",
                "run.time=",
                "run.time=null",
                "machine.memory=!!str 5",
                "x".repeat(5000) + "=1",
                "a.".repeat(5000) + "b=1",
                "vms.v=*a",
                "title=\u0000",
                "machine=" + "[".repeat(200))) {
            String said = lab.errors("run: {seed: 1}", setting);
            assertTrue(said.startsWith("hvsim run: --set "), setting + ": " + said);
        }
    }
}
