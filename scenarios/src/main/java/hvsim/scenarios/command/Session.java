package hvsim.scenarios.command;

import hvsim.scenarios.expect.Expectations;
import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.report.Layout;
import hvsim.scenarios.report.ReportFormat;
import hvsim.scenarios.run.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One command that runs something: everything is checked, then all is run, then all is written. */
final class Session {
    private final Context context;
    private final RunOptions options;
    private final boolean sideBySide;

    Session(Context context, RunOptions options, boolean sideBySide) {
        this.context = context;
        this.options = options;
        this.sideBySide = sideBySide;
    }

    /** @return the exit status */
    int run(Loaded loaded) throws WrongInputException, IOException {
        Layout forFiles = options.layout(loaded, sideBySide, false);
        Layout forConsole = options.layout(loaded, sideBySide, context.console().colour());
        Expectations expectations = new Expectations(loaded.base().scenario().expect(), loaded.names());
        Checks.notes(loaded.notes(), options.isStrict());
        List<OutputFile> files = new ArrayList<>();
        try {
            for (String name : options.out()) {
                files.add(OutputFile.open(name));
            }
            Progress progress =
                    new Progress(context.console(), context.stop(), options.isQuiet(), options.limitNanos());
            Result result = judged(run(loaded, progress), loaded, expectations);
            Checks.notes(result.notes(), options.isStrict());
            for (OutputFile file : files) {
                file.write(file.format().write(result, forFiles));
            }
            tellNotes(result);
            context.console().print(options.format().write(result, forConsole));
            return status(result);
        } finally {
            for (OutputFile file : files) {
                file.close();
            }
        }
    }

    private Result run(Loaded loaded, Progress progress) throws WrongInputException {
        try {
            return context.bench().run(loaded, progress);
        } finally {
            progress.finish();
        }
    }

    /** With all notes, and the expectations judged unless the run was cut short. */
    private static Result judged(Result result, Loaded loaded, Expectations expectations) {
        Set<String> notes = new LinkedHashSet<>(loaded.notes());
        notes.addAll(result.notes());
        return new Result(
                result.schema(),
                result.hvsim(),
                result.partial(),
                List.copyOf(notes),
                result.scenario(),
                result.inputs(),
                result.config(),
                result.runs(),
                result.partial() ? List.of() : expectations.judge(result.runs()));
    }

    /** The text report and JSON hold the notes themselves. */
    private void tellNotes(Result result) {
        if (options.format() == ReportFormat.CSV && !options.isQuiet()) {
            context.console()
                    .complain(
                            result.notes().stream().map(note -> "note: " + note).toList());
        }
    }

    private static int status(Result result) {
        if (result.partial()) {
            return ExitStatus.UNFINISHED;
        }
        boolean holds = result.expect().stream().allMatch(Result.Judgement::holds);
        return holds ? ExitStatus.DONE : ExitStatus.NOT_SO;
    }
}
