package hvsim.scenarios;

import hvsim.scenarios.command.Workbench;
import hvsim.scenarios.command.WrongInputException;
import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.run.Result;
import hvsim.scenarios.run.RunControl;
import hvsim.scenarios.run.Runner;
import hvsim.scenarios.run.UnrunnableException;
import hvsim.scenarios.trace.Trace;
import hvsim.scenarios.trace.TraceInfo;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Does the work in this process. */
final class LocalWorkbench implements Workbench {
    @Override
    public Result run(Loaded loaded, RunControl control) throws WrongInputException {
        try {
            return Runner.run(loaded, control);
        } catch (UnrunnableException e) {
            throw new WrongInputException(e.lines());
        }
    }

    @Override
    public TraceInfo describeTrace(String file, boolean lenient) throws WrongInputException {
        return Trace.open(path(file), file, lenient).info();
    }

    @Override
    public String convertTrace(String from, List<String> to, boolean lenient) throws IOException, WrongInputException {
        Trace trace = Trace.open(path(from), from, lenient);
        for (int part = 0; part < to.size(); part++) {
            trace.part(part, to.size()).convert(path(to.get(part)));
        }
        return trace.leftOut().note();
    }

    private static Path path(String file) throws WrongInputException {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw new WrongInputException(List.of("'" + file + "' is no path"));
        }
    }
}
