package hvsim.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the launcher tells the JVM about methods, which the JVM does not check. */
class LauncherTest {
    private static final Pattern METHOD = Pattern.compile("(hvsim(?:\\.\\w+)+)::(\\w+)");

    @Test
    void everyMethodThatTheCompilerIsToldOfExists() throws IOException {
        List<MatchResult> named =
                METHOD.matcher(Files.readString(Path.of("../hvsim"))).results().toList();
        assertFalse(named.isEmpty());
        assertEquals(
                List.of(),
                named.stream()
                        .filter(method -> !exists(method.group(1), method.group(2)))
                        .map(MatchResult::group)
                        .toList());
    }

    private static boolean exists(String className, String method) {
        try {
            return Stream.of(Class.forName(className).getDeclaredMethods())
                    .map(Method::getName)
                    .anyMatch(method::equals);
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
