package hvsim.cpu.bochs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.event.Event;
import hvsim.cpu.event.ExceptionRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Instructions under random controls come out as they did on Bochs, but for {@link InstructionDeparture}. */
class BochsInstructionsTest {
    /** Recorded too, but no instructions that the model names. */
    private static final Set<String> NOT_NAMED = Set.of("clac", "stac", "read", "write");

    private final List<String> unexplained = new ArrayList<>();
    private final List<String> otherEffects = new ArrayList<>();
    private final Map<InstructionDeparture, Integer> departures = new EnumMap<>(InstructionDeparture.class);
    private int compared;
    private int effects;

    @Test
    void instructionsComeOutAsRecordedOrTheManualSaysWhyNot() {
        InstructionRecording.forEach(Recording.of("instructions-skylake"), this::compare);
        InstructionRecording.forEach(Recording.of("instructions-icelake"), this::compare);
        assertEquals(List.of(), unexplained);
        assertEquals(List.of(), otherEffects);
        assertEquals(EnumSet.allOf(InstructionDeparture.class), departures.keySet(), "departures that occur");
        assertTrue(compared > 8700, compared + " compared");
        assertTrue(effects > 300, effects + " effects");
        int departed = departures.values().stream().mapToInt(Integer::intValue).sum();
        assertTrue(departed < compared / 20, departures + " of " + compared);
    }

    @Test
    void faultsExitByTheExceptionBitmapAsRecorded() {
        InstructionRecording.forEach(Recording.of("instructions-skylake"), this::compareFault);
        InstructionRecording.forEach(Recording.of("instructions-icelake"), this::compareFault);
        assertEquals(List.of(), unexplained);
        assertTrue(compared > 2000, compared + " faults");
    }

    private void compareFault(InstructionCase instruction) {
        if (!instruction.isRecordedFault()) {
            return;
        }
        compared++;
        Event event = instruction.recordedEvent();
        boolean exits = ExceptionRules.exits(event, instruction.processor.vmcs());
        boolean same = exits == instruction.hasExitedByBitmap()
                && (!exits || event.interruptionInfo() == instruction.recordedInterruptionInfo());
        if (!same) {
            unexplained.add(instruction + " modelled " + event + (exits ? " exits" : " is delivered"));
        }
    }

    private void compare(InstructionCase instruction) {
        if (NOT_NAMED.contains(instruction.name) || instruction.hasNotBegun()) {
            return;
        }
        compared++;
        if (!instruction.outcome().equals(instruction.modelled())) {
            Arrays.stream(InstructionDeparture.values())
                    .filter(departure -> departure.explains(instruction))
                    .findFirst()
                    .ifPresentOrElse(
                            departure -> departures.merge(departure, 1, Integer::sum),
                            () -> unexplained.add(instruction.toString()));
        } else if (instruction.hasEffect()) {
            effects++;
            if (!instruction.effect().equals(instruction.recordedEffect())) {
                otherEffects.add(instruction + " effect " + instruction.effect());
            }
        }
    }
}
