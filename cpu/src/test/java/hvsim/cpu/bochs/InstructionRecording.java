package hvsim.cpu.bochs;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The instructions of a recording. */
final class InstructionRecording {
    private InstructionRecording() {}

    static void forEach(Recording recording, Consumer<InstructionCase> action) {
        Map<Long, Long> descriptors = new HashMap<>();
        String[] open = {};
        InstructionInputs inputs = new InstructionInputs(descriptors);
        for (String[] line : recording.lines()) {
            switch (line[0]) {
                case "gdt" -> descriptors.put(Recording.number(line[1]), Recording.number(line[2]));
                case "i" -> {
                    open = line;
                    inputs = new InstructionInputs(descriptors);
                }
                case "v", "s", "r", "b", "m", "k" -> inputs.add(line);
                case "=" ->
                    action.accept(new InstructionCase(
                            recording, open, inputs, Arrays.asList(line).subList(1, line.length)));
                default -> {}
            }
        }
    }
}
