package hvsim.scenarios.explain;

import hvsim.cpu.vmx.ExitReason;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What makes a guest exit with a reason, and what the hypervisor is told. */
final class ExitReasonSheet {
    private static final Texts TEXTS = new Texts("exit-reasons");

    private ExitReasonSheet() {}

    /** By name, number, or the manual's name. */
    static Optional<ExitReason> find(String word) {
        String normal = Words.normal(word);
        return Stream.of(ExitReason.values())
                .filter(reason -> reason.name().equals(normal)
                        || Integer.toString(reason.number()).equals(normal)
                        || Words.normal(reason.sdmName()).equals(normal))
                .findFirst();
    }

    static void write(ExitReason reason, Sheet sheet) {
        Map<String, String> texts = TEXTS.of(reason.name());
        sheet.headline(reason.name() + ": basic exit reason " + reason.number() + ", " + reason.sdmName());
        sheet.tell("when", texts.getOrDefault("when", ""));
        sheet.tell("control", texts.getOrDefault("control", ""));
        sheet.tell("otherwise", texts.getOrDefault("otherwise", ""));
        sheet.tell("type", texts.getOrDefault("type", ""));
        sheet.tell("saved RIP", texts.getOrDefault("saved_rip", ""));
        sheet.tell("qualification", texts.getOrDefault("qualification", ""));
        sheet.tell("also", texts.getOrDefault("also", ""));
        sheet.tell("source", texts.getOrDefault("source", ""));
    }
}
