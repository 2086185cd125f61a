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

    /** @param command as messages show it, such as "hvsim run" */
    Loaded load(String command, String scenario, List<String> set, List<String> vary) throws WrongInputException {
        try {
            return loader(command).load(scenario, set, vary);
        } catch (ScenarioException e) {
            throw new WrongInputException(e);
        }
    }
}
