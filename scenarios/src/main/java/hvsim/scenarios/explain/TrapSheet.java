package hvsim.scenarios.explain;

import hvsim.cpu.event.TrapReason;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What makes a deprivileged guest trap, and what the hypervisor does about it. */
final class TrapSheet {
    private static final Texts TEXTS = new Texts("traps");

    private TrapSheet() {}

    static Optional<TrapReason> find(String word) {
        String normal = Words.normal(word);
        return Stream.of(TrapReason.values())
                .filter(reason -> reason.name().equals(normal))
                .findFirst();
    }

    static void write(TrapReason reason, Sheet sheet) {
        Map<String, String> texts = TEXTS.of(reason.name());
        sheet.headline(reason.name() + ": trap of a deprivileged guest, " + reason.sdmName());
        sheet.tell("when", texts.getOrDefault("when", ""));
        sheet.tell("handled", texts.getOrDefault("handled", ""));
        sheet.tell("source", "SDM (June 2016) vol. 3, table 6-1; what a hypervisor does: Popek and Goldberg (1974)");
    }
}
