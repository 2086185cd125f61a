package hvsim.scenarios.expect;

import hvsim.scenarios.file.ExpectCheck.Mistake;
import hvsim.scenarios.file.ExpectLine;
import hvsim.scenarios.file.MeasuredNames;
import hvsim.scenarios.run.Metrics;
import hvsim.scenarios.run.Result.Judgement;
import hvsim.scenarios.run.RunResult;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The lines of {@code expect}: understood before the run, judged after it. */
public final class Expectations {
    /** The run that needs no hypervisor; lines without a run's name pass it over. */
    private static final String NATIVE = "native";

    private record Understood(ExpectLine line, Expectation expectation) {}

    private final List<Understood> understood = new ArrayList<>();
    private final List<Mistake> mistakes = new ArrayList<>();

    public Expectations(List<ExpectLine> lines, MeasuredNames names) {
        List<String> runs = new ArrayList<>(names.runs());
        runs.add(0, NATIVE);
        Meaning meaning = new Meaning(runs, Metrics.of(names));
        lines.forEach(line -> understand(line, meaning));
    }

    private void understand(ExpectLine line, Meaning meaning) {
        try {
            understood.add(new Understood(line, meaning.of(StatementParser.parse(line.text()))));
        } catch (ExpectSyntaxException e) {
            mistakes.add(new Mistake(line, e.offset(), e.what(), e.rule()));
        }
    }

    /** Empty if every line is understood. */
    public List<Mistake> mistakes() {
        return List.copyOf(mistakes);
    }

    /** One judgement a line, in the order of the file; none if there is no run to judge. */
    public List<Judgement> judge(List<RunResult> results) {
        List<Judged> runs = understood.isEmpty()
                ? List.of()
                : results.stream().map(Judged::of).toList();
        List<Judged> own =
                runs.stream().filter(run -> !run.name().equals(NATIVE)).toList();
        return own.isEmpty()
                ? List.of()
                : understood.stream().map(line -> judge(line, own, runs)).toList();
    }

    /** At the first run where the line fails, else at the first. */
    private static Judgement judge(Understood line, List<Judged> own, List<Judged> runs) {
        for (Judged run : own) {
            Judgement judgement = judgeAt(run, line, runs);
            if (!judgement.holds()) {
                return judgement;
            }
        }
        return judgeAt(own.get(0), line, runs);
    }

    private static Judgement judgeAt(Judged run, Understood line, List<Judged> runs) {
        Expectation.Verdict verdict = line.expectation().judge(ofPoint(run.point(), runs), run);
        return new Judgement(
                fileName(line.line().file()),
                line.line().line(),
                line.line().text(),
                verdict.holds(),
                line.expectation().isOfEveryRun() ? run.name() : null,
                run.point(),
                shown(verdict.left()),
                shown(verdict.right()));
    }

    /** The runs of that point first; points may share a native run. */
    private static List<Judged> ofPoint(int point, List<Judged> runs) {
        return Stream.concat(
                        runs.stream().filter(run -> run.point() == point),
                        runs.stream().filter(run -> run.name().equals(NATIVE)))
                .toList();
    }

    /** Results name no folders. */
    private static String fileName(String file) {
        return file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    }

    /** As JSON has it: whole numbers as such. */
    private static @Nullable Object shown(Optional<Comparable<?>> value) {
        if (value.isEmpty() || !(value.get() instanceof BigDecimal number)) {
            return value.orElse(null);
        }
        boolean whole = number.stripTrailingZeros().scale() <= 0 && number.precision() - number.scale() <= 18;
        return whole ? (Object) number.longValueExact() : number.doubleValue();
    }
}
