package hvsim.scenarios.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The files that a result depends on; results name no folders. */
final class Inputs {
    private Inputs() {}

    static List<Result.Input> of(Map<String, String> digests, Traces traces) {
        List<Result.Input> inputs = new ArrayList<>();
        digests.forEach((file, digest) -> inputs.add(new Result.Input(name(file), digest)));
        inputs.addAll(traces.inputs());
        return List.copyOf(inputs);
    }

    /** The last part of a path. */
    static String name(String shown) {
        return shown.substring(Math.max(shown.lastIndexOf('/'), shown.lastIndexOf('\\')) + 1);
    }
}
