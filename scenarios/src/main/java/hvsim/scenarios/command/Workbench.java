package hvsim.scenarios.command;

import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.run.Result;
import hvsim.scenarios.run.RunControl;
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
     * What is in a trace, one fact a line.
     *
     * @throws WrongInputException if it cannot be opened
     */
    List<String> describeTrace(String file) throws IOException, WrongInputException;

    /**
     * Writes the trace in the fast binary form, whole or not at all.
     *
     * @throws WrongInputException if one cannot be opened
     */
    void convertTrace(String from, String to) throws IOException, WrongInputException;
}
