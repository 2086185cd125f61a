package hvsim.scenarios.report;

import hvsim.scenarios.run.RunResult;
import hvsim.scenarios.run.RunResult.FirstDifference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The three goals of a hypervisor and how far a run met them. */
final class Goals {
    private final RunResult run;
    private final @Nullable RunResult natively;
    private final Configuration configuration;

    /** @param natively null if no native run was made */
    Goals(RunResult run, @Nullable RunResult natively, Configuration configuration) {
        this.run = run;
        this.natively = natively;
        this.configuration = configuration;
    }

    void write(Page page) {
        goal(page, "fidelity", Cells.word(run.fidelity()), fidelity());
        goal(page, "performance", Cells.slowdown(run.slowdown()), performance());
        goal(page, "safety", Cells.word(run.safety()), safety());
        findings(run).forEach(finding -> page.paragraph(finding, 2));
    }

    /** Where fidelity was lost and what the audit found, one sentence each. */
    static List<String> findings(RunResult run) {
        List<String> findings = new ArrayList<>();
        FirstDifference first = run.firstDifference();
        if (first != null) {
            findings.add(run.run() + ": first difference at operation " + Digits.grouped(first.operation()) + " of "
                    + first.vm() + ": " + first.instruction() + " gave " + first.here() + ", natively "
                    + first.natively());
        }
        run.violations().forEach(violation -> findings.add(run.run() + ": violation: " + violation));
        return findings;
    }

    private static void goal(Page page, String name, String value, String meaning) {
        page.paragraph(
                "  " + Cells.left(name, 13) + Cells.left(value, 8) + (meaning.isEmpty() ? "" : " " + meaning), 24);
    }

    private String fidelity() {
        if (run.fidelity() == null) {
            return "no native run to compare with";
        }
        int vms = run.vms().size();
        String who = vms == 1 ? "the VM" : vms == 2 ? "both VMs" : "all " + vms + " VMs";
        return run.fidelity().equals("equal")
                ? who + " saw what " + (vms == 1 ? "it sees" : "they see") + " natively"
                : "a guest saw what it would not see natively";
    }

    private String performance() {
        return natively == null
                ? "no native run to compare with"
                : "slowdown; native takes "
                        + Digits.grouped(natively.counts().cycles().total()) + " cycles";
    }

    private String safety() {
        if (run.safety() == null) {
            return "no hypervisor";
        }
        if (!run.safety().equals("held")) {
            List<String> violations = run.violations();
            return violations.size() + (violations.size() == 1 ? " violation" : " violations");
        }
        return "no foreign frame, port or MSR" + control();
    }

    private String control() {
        String time = run.lostControlCycles() == null ? "" : configuration.time(run.lostControlCycles());
        return time.isEmpty() ? "" : "; control back within " + time;
    }
}
