package hvsim.scenarios.report;

import hvsim.scenarios.run.RunResult.Exits;

/** What a reader of a table calls an exit: the word of scenarios, or SVM's name on a machine by AMD. */
final class ExitLabel {
    private static final String OF_SVM = "VMEXIT_";

    private ExitLabel() {}

    static String of(String reason, Exits exits) {
        String name = exits.sdmName();
        return name != null && name.startsWith(OF_SVM) ? name : reason;
    }
}
