package hvsim.scenarios.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.scenarios.file.ScenarioException;
import hvsim.scenarios.microbench.Microbench;
import hvsim.scenarios.microbench.Operation;
import hvsim.scenarios.report.Digits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/microbench.md are what the command prints. Where a change of the page is meant,
 * {@code -Dhvsim.golden.update=true} writes the new one.
 */
@Tag("long")
class MicrobenchPageTest {
    private static final Path PAGE = Path.of("..", "docs", "microbench.md");
    private static final String LIMITS = "machine.features.segment_limits=on";
    private static final String AFTER = "Whole cycles of one operation, as the command prints them.";

    @Test
    void theTablesAreWhatTheCommandPrints() throws IOException, ScenarioException {
        String page = Files.readString(PAGE);
        String expected = into(into(page, "prescott", LIMITS), "skylake-sp");
        if (Boolean.getBoolean("hvsim.golden.update")) {
            Files.writeString(PAGE, expected);
        }
        assertEquals(expected, Files.readString(PAGE));
    }

    private static String into(String page, String machine, String... settings) throws ScenarioException {
        Microbench all = Microbench.run(machine, List.of(settings), List.of(Operation.values()));
        String head = "\n| operation | " + String.join(" | ", all.techniques()) + " |\n|---"
                + String.join("", Collections.nCopies(all.techniques().size(), "|--:")) + "|\n";
        StringBuilder rows = new StringBuilder();
        for (Operation operation : all.operations()) {
            rows.append("| `").append(operation.word()).append('`');
            all.cycles().get(operation).forEach(cycles -> rows.append(" | ").append(cell(cycles)));
            rows.append(" |\n");
        }
        return new TableOnPage("On " + machine, head).write(page, rows.toString(), AFTER);
    }

    private static String cell(double cycles) {
        return Double.isNaN(cycles) ? "-" : Digits.grouped(Math.round(cycles));
    }
}
