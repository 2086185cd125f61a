package hvsim.scenarios.command;

import hvsim.cpu.ProgramUnreadableException;
import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.report.Fabricated;
import hvsim.scenarios.run.Result;
import hvsim.scenarios.run.RunControl;
import hvsim.scenarios.trace.Trace;
import hvsim.scenarios.trace.TraceInfo;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
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
    public TraceInfo describeTrace(String file, boolean lenient) {
        if (file.equals("broken")) {
            throw new ProgramUnreadableException("broken: error: line 3 of the text");
        }
        byte[] lackey = "I  00001000,1\n".getBytes(StandardCharsets.US_ASCII);
        return Trace.open(() -> new ByteArrayInputStream(lackey), file, lenient).info();
    }

    @Override
    public String convertTrace(String from, List<String> to, boolean lenient) {
        converted.add(from + " -> " + String.join(" ", to));
        return lenient ? "1 damaged place was left out" : "";
    }
}
