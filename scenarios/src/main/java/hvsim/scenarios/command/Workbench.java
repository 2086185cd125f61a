package hvsim.scenarios.command;

import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.run.Result;
import hvsim.scenarios.run.RunControl;
import hvsim.scenarios.trace.TraceInfo;
import java.io.IOException;
import java.util.List;

/** The work behind the commands, so that they can be tried with fabricated results. */
public interface Workbench {
    /**
     * Makes every run of every point, native ones first; {@code expect} and notes from reading are left out.
     *
     * @throws WrongInputException if it turns out that a scenario cannot be run
     */
    Result run(Loaded loaded, RunControl control) throws WrongInputException;

    /**
     * What is in a trace.
     *
     * @param lenient whether damaged lines are left out
     * @throws WrongInputException if it cannot be opened
     */
    TraceInfo describeTrace(String file, boolean lenient) throws WrongInputException;

    /**
     * Writes the trace in the fast binary form, whole or not at all.
     *
     * @param to one file for each part
     * @return what lenient reading left out; empty if nothing
     * @throws WrongInputException if one cannot be opened
     */
    String convertTrace(String from, List<String> to, boolean lenient) throws IOException, WrongInputException;
}
