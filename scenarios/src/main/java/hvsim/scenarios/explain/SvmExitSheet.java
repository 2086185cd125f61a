package hvsim.scenarios.explain;

import hvsim.cpu.svm.SvmExit;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What an intercept of SVM means, and which exits of VT-x stand for it. */
final class SvmExitSheet {
    private SvmExitSheet() {}

    /** By name, also with what a report puts behind it: VMEXIT_MSR:W. */
    static Optional<SvmExit> find(String word) {
        String name = Words.normal(word.split(":", 2)[0]);
        return Stream.of(SvmExit.values())
                .filter(exit -> exit.name().equals(name))
                .findFirst();
    }

    static String text(SvmExit exit, int width) {
        Sheet sheet = new Sheet(width);
        String code = exit.code() < 0 ? "-1" : Integer.toHexString(exit.code()).toUpperCase(Locale.ROOT) + "H";
        sheet.headline(exit.name() + ": SVM exit code " + code);
        sheet.tell("means", exit.meaning());
        sheet.tell(
                "here",
                exit.reasons().stream().map(Enum::name).sorted().collect(Collectors.joining(", "))
                        + " in scenarios, expectations and columns; modelled as VT-x does it");
        sheet.tell("source", "AMD64 APM vol. 2, appendix C, by the codes that Linux lists");
        return sheet.toString();
    }
}
