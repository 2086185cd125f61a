package hvsim.scenarios.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.scenarios.file.MeasuredNames;
import hvsim.scenarios.report.By;
import hvsim.scenarios.report.CsvColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricTextsTest {
    @Test
    void theDictionaryHasTheMetricsAndNoOthers() {
        Set<String> metrics = new TreeSet<>();
        Metrics.forms().forEach(path -> metrics.add(MetricTexts.form(path)));
        metrics.add("exits.REASON.details");
        assertEquals(metrics, new TreeSet<>(MetricTexts.forms()));
    }

    @Test
    void aPathIsExplainedWhoeverItIsOf() {
        for (String path : Set.of(
                "exits.CPUID.samples",
                "vms.web.exits.total.samples",
                "vms.web.vcpus.3.exits.CPUID.samples",
                "phases.boot.exits.HLT.samples",
                "intervals.17.exits.HLT.samples")) {
            assertEquals("exits.REASON.samples", MetricTexts.form(path));
        }
        assertEquals("vms.VM.fidelity", MetricTexts.form("vms.web.fidelity"));
        assertEquals(
                "devices.DEVICE.exits.REASON.samples", MetricTexts.form("vms.web.devices.nic0.exits.total.samples"));
        assertEquals("exits.REASON.details", MetricTexts.form("exits.CR_ACCESS.details.cr3:W"));
    }

    @Test
    void theDocumentSaysTheSame() throws IOException {
        Set<String> rows = Files.readString(Path.of("../docs/counters.md"))
                .lines()
                .map(line -> line.replace("`", ""))
                .collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>();
        for (String form : MetricTexts.forms()) {
            MetricTexts.Entry entry = MetricTexts.of(form).orElseThrow();
            missing.add("| " + form + " | " + entry.unit() + " | " + entry.text() + " |");
        }
        missing.removeAll(rows);
        assertEquals(Set.of(), missing);
    }

    @Test
    void csvHasTheColumnsThatTheDictionaryMarks() {
        MeasuredNames names =
                new MeasuredNames(Set.of(), Set.of("stlb"), Set.of("vm"), Set.of("0"), Set.of("boot"), Set.of("nic0"));
        List<String> columns = new CsvColumns(names, By.ALL).defaults();
        Set<String> forms = columns.stream().map(MetricTexts::form).collect(Collectors.toSet());
        Set<String> marked = MetricTexts.forms().stream()
                .filter(form -> MetricTexts.of(form).orElseThrow().isColumn())
                .collect(Collectors.toSet());
        assertEquals(marked, forms);
    }
}
