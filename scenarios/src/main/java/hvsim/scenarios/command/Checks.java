package hvsim.scenarios.command;

import hvsim.scenarios.expect.Expectations;
import hvsim.scenarios.expect.Expectations.Mistake;
import hvsim.scenarios.file.ExpectLine;
import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.file.Scenario;
import hvsim.scenarios.file.TlbConfig;
import hvsim.scenarios.run.Metrics;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is checked of a scenario beyond its own keys. */
final class Checks {
    private Checks() {}

    /** @throws WrongInputException with every line that has no meaning */
    static Expectations expectations(Loaded loaded) throws WrongInputException {
        List<ExpectLine> lines = loaded.base().scenario().expect();
        List<String> runs =
                loaded.points().get(0).runs().stream().map(Loaded.Run::name).toList();
        Expectations expectations = new Expectations(lines, runs, metrics(loaded));
        if (!expectations.mistakes().isEmpty()) {
            throw new WrongInputException(
                    lines(expectations.mistakes(), lines.get(0).file()));
        }
        return expectations;
    }

    /** @throws WrongInputException if there are notes and they count as errors */
    static void notes(List<String> notes, boolean strict) throws WrongInputException {
        if (strict && !notes.isEmpty()) {
            throw new WrongInputException(
                    notes.stream().map(note -> "error (--strict): " + note).toList());
        }
    }

    /** What can be asked of some run of some point. */
    private static Metrics metrics(Loaded loaded) {
        Set<String> tlbs = new LinkedHashSet<>();
        Set<String> vms = new LinkedHashSet<>();
        for (Loaded.Point point : loaded.points()) {
            for (Loaded.Run run : point.runs()) {
                Scenario scenario = run.configured().scenario();
                scenario.machine().tlb().entrySet().stream()
                        .filter(tlb -> isCounted(tlb.getValue()))
                        .map(Map.Entry::getKey)
                        .forEach(tlbs::add);
                vms.addAll(scenario.singleVms().keySet());
            }
        }
        return Metrics.of(tlbs, vms);
    }

    /** An array beside another is counted under the other's name. */
    private static boolean isCounted(TlbConfig tlb) {
        return tlb.beside().isEmpty();
    }

    private static List<String> lines(List<Mistake> mistakes, String file) {
        List<String> lines = new ArrayList<>();
        for (Mistake mistake : mistakes) {
            lines.add(mistake.file() + ":" + mistake.line() + ":" + mistake.column() + ": error: " + mistake.what());
            lines.add("    " + mistake.rule());
        }
        lines.add(
                (mistakes.size() == 1 ? "1 error" : mistakes.size() + " errors") + " in " + file + "; nothing was run");
        return lines;
    }
}
