package hvsim.scenarios.run;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one command found out: the tree that JSON shows, that {@code expect} paths lead
 * into, and that the text and CSV reports are drawn from. Component names in snake_case are the keys.
 *
 * @param schema name and version of this layout
 * @param hvsim version of the program
 * @param partial whether the run was cut short by a limit or a signal
 * @param notes what the user should know: keys without effect, short traces, rounded values
 * @param inputs files read, with their digests
 * @param config the resolved scenario; itself a valid scenario
 * @param runs one entry for each run, native first
 * @param expect the judged expectations
 */
public record Result(
        String schema,
        String hvsim,
        boolean partial,
        List<String> notes,
        ScenarioId scenario,
        List<Input> inputs,
        Map<String, Object> config,
        List<RunResult> runs,
        List<Judgement> expect) {

    public static final String SCHEMA = "hvsim.result/1";

    public record ScenarioId(String name, String title, String sha256) {}

    public record Input(String file, String sha256) {}

    /**
     * One judged line of {@code expect}.
     *
     * @param file name of the file the line stands in, without its folder
     * @param line where it stands in that file, from 1
     * @param run the run that the values are from: the first where the line fails, else the first judged; null
     *     where the line names its runs itself
     * @param point the point that the values are from
     * @param left value of the left side; null where undefined
     * @param right value of the right side
     */
    public record Judgement(
            String file,
            int line,
            String text,
            boolean holds,
            @Nullable String run,
            int point,
            @Nullable Object left,
            @Nullable Object right) {}
}
