package hvsim.scenarios.file;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The machines of the library, as scenarios see them. */
public final class Machines {
    private Machines() {}

    /** @throws IllegalArgumentException if there is none of that name */
    public static MachineConfig preset(String name) {
        return alone(name).scenario().machine();
    }

    /**
     * All values, each with a comment that says where it came from; lines end in \n.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static String effective(String name) {
        return EffectiveText.ofGroup(alone(name), "machine");
    }

    /** In a scenario without a hypervisor, which runs on every machine. */
    private static Configured alone(String name) {
        String yaml = "{machine: {preset: " + name + "}, hypervisor: {cpu: native}}";
        try {
            return new ScenarioLoader(
                            "hvsim",
                            new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)),
                            (lines, names) -> List.of())
                    .load("-", List.of(), List.of())
                    .base();
        } catch (ScenarioException e) {
            throw new IllegalArgumentException(String.join("\n", e.lines()), e);
        }
    }
}
