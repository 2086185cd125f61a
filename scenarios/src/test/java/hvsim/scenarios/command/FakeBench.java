package hvsim.scenarios.command;

import hvsim.cpu.ProgramUnreadableException;
import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.report.Fabricated;
import hvsim.scenarios.run.Result;
import hvsim.scenarios.run.RunControl;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Computes nothing: answers with fabricated results and remembers what it was asked. */
final class FakeBench implements Workbench {
    final List<Loaded> asked = new ArrayList<>();
    final List<String> converted = new ArrayList<>();
    BiFunction<Loaded, RunControl, Result> answer = (loaded, control) -> Fabricated.firstExits();

    @Override
    public Result run(Loaded loaded, RunControl control) {
        asked.add(loaded);
        return answer.apply(loaded, control);
    }

    @Override
    public List<String> describeTrace(String file) throws WrongInputException {
        if (file.equals("broken")) {
            throw new ProgramUnreadableException("broken: error: line 3 of the text");
        }
        return List.of(file + ": lackey", "references 12");
    }

    @Override
    public void convertTrace(String from, String to) {
        converted.add(from + " -> " + to);
    }
}
