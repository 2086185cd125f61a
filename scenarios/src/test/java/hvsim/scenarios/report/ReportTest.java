package hvsim.scenarios.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.scenarios.file.MeasuredNames;
import hvsim.scenarios.run.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Layout RUN = new Layout(80, false, false);

    @Test
    void theTextReportOfOneRun() throws IOException {
        golden("first-exits.txt", ReportFormat.TEXT.write(Fabricated.firstExits(), RUN));
    }

    @Test
    void theTextReportWithoutAHypervisor() throws IOException {
        golden("native-only.txt", ReportFormat.TEXT.write(Fabricated.nativeOnly(), RUN));
    }

    @Test
    void runsSideBySide() throws IOException {
        golden("compared.txt", ReportFormat.TEXT.write(Fabricated.compared(), RUN));
    }

    @Test
    void oneRunBesideTheNativeOne() throws IOException {
        golden("beside-native.txt", ReportFormat.TEXT.write(Fabricated.firstExits(), new Layout(80, true, false)));
    }

    @Test
    void manyRunsComeInBlocks() throws IOException {
        golden("blocks.txt", ReportFormat.TEXT.write(Fabricated.manyRuns(7), RUN));
    }

    @Test
    void aPartialReportSaysSoFirst() throws IOException {
        golden("partial.txt", ReportFormat.TEXT.write(Fabricated.partial(Fabricated.firstExits()), RUN));
    }

    @Test
    void aNarrowPageGivesUpTheLeastColumns() throws IOException {
        golden("narrow.txt", ReportFormat.TEXT.write(Fabricated.firstExits(), new Layout(40, false, false)));
    }

    @Test
    void jsonHasEveryKeyInTheOrderOfTheRecords() throws IOException {
        golden("compared.json", ReportFormat.JSON.write(Fabricated.compared(), RUN));
    }

    @Test
    void jsonLinesHaveARunEach() throws IOException {
        golden("compared.jsonl", ReportFormat.JSON_LINES.write(Fabricated.compared(), RUN));
    }

    @Test
    void csvHasARowARun() throws IOException {
        golden("compared.csv", csv(Fabricated.compared(), false));
    }

    /** With the default columns. */
    private static String csv(Result result, boolean isLong) {
        Set<String> tlbs = result.runs().get(0).counts().tlb().keySet();
        MeasuredNames names = new MeasuredNames(Set.of(), tlbs, Set.of(), Set.of(), Set.of());
        CsvLayout columns = new CsvLayout(new CsvColumns(names, By.ALL).defaults(), isLong);
        return ReportFormat.CSV.write(result, new Layout(80, false, false, By.ALL, false, columns));
    }

    @Test
    void theLongFormOfCsvHasTheSameValues() {
        List<String> wide = csv(Fabricated.compared(), false).lines().toList();
        List<String> lengthy = csv(Fabricated.compared(), true).lines().toList();
        String head = wide.get(0);
        int identity = head.substring(0, head.indexOf(",fidelity")).split(",", -1).length;
        List<String> expected = new ArrayList<>();
        for (String row : wide.subList(1, wide.size())) {
            String[] cells = row.split(",", -1);
            for (int i = identity; i < cells.length; i++) {
                expected.add(String.join(",", List.of(cells).subList(0, identity)) + "," + head.split(",", -1)[i] + ","
                        + cells[i]);
            }
        }
        assertEquals(expected, lengthy.subList(1, lengthy.size()));
    }

    @Test
    void longNamesOfRunsBreakBetweenWords() {
        Result result = Fabricated.runsCalled("small", "guest_large", "host-large-pages", "bothstageslarge");
        String text = ReportFormat.TEXT.write(result, RUN);
        String heads = """
                                                                                   host-large-
                                           native          small    guest_large          pages
                """;
        assertTrue(text.contains("\n" + heads), text);
    }

    @Test
    void noLineIsWiderThanThePage() {
        for (Result result : new Result[] {Fabricated.firstExits(), Fabricated.compared(), Fabricated.manyRuns(9)}) {
            for (int width : new int[] {40, 60, 80, 120}) {
                String text = ReportFormat.TEXT.write(result, new Layout(width, false, false));
                text.lines().forEach(line -> assertTrue(line.length() <= width, width + ": " + line));
            }
        }
    }

    @Test
    void noEscapeSequenceOfANamePassesThrough() {
        String text = ReportFormat.TEXT.write(Fabricated.partial(Fabricated.firstExits()), RUN);
        assertFalse(text.contains("\u001b"), text);
    }

    @Test
    void onlyTheVerdictsAreColoured() {
        String plain = ReportFormat.TEXT.write(Fabricated.compared(), RUN);
        String coloured = ReportFormat.TEXT.write(Fabricated.compared(), new Layout(80, false, true));
        assertTrue(coloured.contains("\u001b[31mfails\u001b[0m"), coloured);
        assertEquals(plain, coloured.replaceAll("\u001b\\[[0-9]+m", ""));
    }

    /** Run with {@code -Dgolden.write=FOLDER} to see what would be expected now. */
    private static void golden(String name, String text) throws IOException {
        String folder = System.getProperty("golden.write");
        if (folder != null) {
            Files.writeString(Path.of(folder, name), text);
        }
        try (InputStream expected = ReportTest.class.getResourceAsStream(name)) {
            assertEquals(new String(expected.readAllBytes(), StandardCharsets.UTF_8), text);
        }
    }
}
