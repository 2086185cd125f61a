package hvsim.scenarios.command;

import hvsim.scenarios.expect.Expectations;
import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.file.ScenarioException;
import hvsim.scenarios.file.ScenarioLoader;
import java.io.InputStream;
import java.util.List;

/** What every command is given. */
record Context(Workbench bench, Console console, InputStream stdin, StopSwitch stop) {
    private ScenarioLoader loader(String command) {
        return new ScenarioLoader(command, stdin, (lines, names) -> new Expectations(lines, names).mistakes());
    }

    /** As {@link #load}; without {@code compare} in the file, under all techniques that exist for it. */
    Loaded loadForAllTechniques(String command, String scenario, List<String> set) throws WrongInputException {
        try {
            return loader(command).loadForAllTechniques(scenario, set);
        } catch (ScenarioException e) {
            throw new WrongInputException(e);
        }
    }

    /** @param command as messages show it, such as "hvsim run" */
    Loaded load(String command, String scenario, List<String> set, List<String> vary) throws WrongInputException {
        try {
            return loader(command).load(scenario, set, vary);
        } catch (ScenarioException e) {
            throw new WrongInputException(e);
        }
    }
}
