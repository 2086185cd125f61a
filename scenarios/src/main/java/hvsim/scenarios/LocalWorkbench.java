package hvsim.scenarios;

import hvsim.scenarios.command.Workbench;
import hvsim.scenarios.command.WrongInputException;
import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.run.Result;
import hvsim.scenarios.run.RunControl;
import hvsim.scenarios.run.Runner;
import hvsim.scenarios.run.UnrunnableException;
import hvsim.scenarios.workload.Trace;
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
    public List<String> describeTrace(String file) throws WrongInputException {
        return TraceDescription.of(Trace.open(path(file), file).info(), file);
    }

    @Override
    public void convertTrace(String from, String to) throws IOException, WrongInputException {
        Trace.open(path(from), from).convert(path(to));
    }

    private static Path path(String file) throws WrongInputException {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw new WrongInputException(List.of("'" + file + "' is no path"));
        }
    }
}
