package hvsim.scenarios.file;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The machines of the library, as scenarios see them. */
public final class Machines {
    private Machines() {}

    /** @throws IllegalArgumentException if there is none of that name */
    public static MachineConfig preset(String name) {
        String yaml = "{machine: {preset: " + name + "}, hypervisor: {cpu: native}}";
        try {
            return new ScenarioLoader(
                            "hvsim",
                            new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)),
                            (lines, names) -> List.of())
                    .load("-", List.of(), List.of())
                    .base()
                    .scenario()
                    .machine();
        } catch (ScenarioException e) {
            throw new IllegalArgumentException(String.join("\n", e.lines()), e);
        }
    }
}
