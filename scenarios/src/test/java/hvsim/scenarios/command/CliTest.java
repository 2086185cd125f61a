package hvsim.scenarios.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.scenarios.file.Techniques;
import hvsim.scenarios.report.Fabricated;
import hvsim.vmm.cpu.HardwareSpec.Feature;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {
    @TempDir
    private Path folder;

    private final FakeBench bench = new FakeBench();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private String lab = "";

    @BeforeEach
    void writeScenario() throws IOException {
        lab = scenario("lab.yaml", "title: Lab\n");
    }

    private String scenario(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private int hvsim(String... arguments) {
        return hvsim(out, "", arguments);
    }

    private int hvsim(OutputStream stdout, String stdin, String... arguments) {
        PrintStream stderr = new PrintStream(err, true, StandardCharsets.UTF_8);
        Console console = new Console(stdout, stderr, false, false);
        return new Cli(
                        bench,
                        console,
                        new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                        new StopSwitch())
                .execute(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void runPrintsTheReport() {
        assertEquals(0, hvsim("run", lab));
        assertTrue(out().startsWith("first-exits: First exits\n"), out());
        assertEquals("", err());
    }

    @Test
    void theScenarioMayComeFromStandardInput() {
        assertEquals(0, hvsim(out, "title: Piped\n", "run", "-"));
        assertEquals("Piped", bench.asked.get(0).base().scenario().title());
    }

    @Test
    void setChangesOneValue() {
        assertEquals(0, hvsim("run", lab, "--set", "run.seed=7", "--set=hypervisor.features.vpid=off"));
        assertEquals(7, bench.asked.get(0).base().scenario().run().seed());
        assertFalse(bench.asked.get(0).base().scenario().hypervisor().features().has(Feature.VPID));
    }

    @Test
    void varyMakesEveryCombination() {
        assertEquals(0, hvsim("compare", lab, "--vary", "hypervisor.features.vpid=on,off", "--vary", "run.seed=1,2,3"));
        assertEquals(6, bench.asked.get(0).points().size());
        assertTrue(out().contains("fidelity"), out());
    }

    @Test
    void compareWithoutVariantsRunsAllTechniques() {
        assertEquals(0, hvsim("compare", lab));
        assertEquals(onSkylake(), List.copyOf(bench.asked.get(0).names().runs()));
    }

    @Test
    void operationsAreMeasuredByTheirNames() {
        assertEquals(0, hvsim("microbench", "cpuid", "syscall", "--format", "csv"));
        assertTrue(out().startsWith("operation,native," + String.join(",", onSkylake()) + "\ncpuid,"), out());
        assertEquals(3, out().lines().count());
        int columns = onSkylake().size() + 2;
        out().lines().forEach(line -> assertEquals(columns, line.split(",", -1).length, line));
    }

    @Test
    void programsReadTheCyclesOfOperationsAsJson() {
        assertEquals(0, hvsim("microbench", "vmcall", "--format", "json"));
        assertTrue(out().startsWith("{\n  \"schema\": \"hvsim.microbench/1\""), out());
        assertTrue(out().contains("\"notes\": [\n    \"binary_translation is left out: "), out());
        assertTrue(out().contains("\"vmcall\": {\n      \"native\": "), out());
    }

    /** Without segment limits there is no binary translation of 64-bit kernels. */
    private static List<String> onSkylake() {
        return Techniques.all().keySet().stream()
                .filter(name -> !name.equals("binary_translation"))
                .toList();
    }

    @Test
    void whoMistypesAnOperationGetsTheChoices() {
        assertEquals(2, hvsim("microbench", "cpui"));
        assertTrue(err().contains("there is no operation 'cpui'"), err());
        assertTrue(err().contains("choices: cpuid, vmcall, "), err());
    }

    @Test
    void everyFormOfOutputIsWritten() throws IOException {
        String[] names = {"r.txt", "r.json", "r.jsonl", "r.csv"};
        List<String> arguments = Stream.concat(
                        Stream.of("run", lab),
                        Stream.of(names)
                                .flatMap(name ->
                                        Stream.of("--out", folder.resolve(name).toString())))
                .toList();
        assertEquals(0, hvsim(arguments.toArray(String[]::new)));
        assertTrue(Files.readString(folder.resolve("r.json")).startsWith("{\n  \"schema\": \"hvsim.result/1\""));
        assertEquals(2, Files.readString(folder.resolve("r.jsonl")).lines().count());
        assertEquals(3, Files.readString(folder.resolve("r.csv")).lines().count());
        assertEquals(5, filesInFolder());
    }

    @Test
    void theFormatIsThatOfStandardOutput() {
        assertEquals(0, hvsim("run", lab, "--format", "csv"));
        assertTrue(out().startsWith("point,run,replicate,seed,error,"), out());
    }

    @Test
    void theColumnsOfCsvAreChosenByGlobs() {
        assertEquals(0, hvsim("run", lab, "--format", "csv", "--columns", "slowdown,exits.C*.samples,tlb.*.hits"));
        String head =
                "point,run,replicate,seed,error,slowdown,exits.CPUID.samples,exits.CR_ACCESS.samples,exits.CALLOUT.samples,"
                        + "tlb.itlb.hits,tlb.dtlb.hits,tlb.stlb.hits\n";
        assertTrue(out().startsWith(head), out());
    }

    @Test
    void withoutBeingAskedCsvHasTheWholeRunAlone() {
        assertEquals(0, hvsim("run", lab, "--format", "csv"));
        assertFalse(out().contains("vms."), out());
        assertTrue(out().contains(",cycles.total,"), out());
    }

    @Test
    void csvHasARowForEachPart() {
        assertEquals(0, hvsim("run", lab, "--format", "csv", "--by", "vm", "--columns", "operations,fidelity"));
        assertTrue(
                out().startsWith("point,run,replicate,seed,error,vm,operations,fidelity\n0,native,0,1,,vm-1,"), out());
        out.reset();
        assertEquals(0, hvsim("run", lab, "--format", "csv", "--by", "vcpu", "--columns", "operations", "--long"));
        assertTrue(out().startsWith("point,run,replicate,seed,error,vm,vcpu,metric,value\n"), out());
    }

    @Test
    void aSubReasonMayBeAColumn() {
        assertEquals(0, hvsim("run", lab, "--format", "csv", "--columns", "exits.CR_ACCESS.details.cr3:W"));
        assertTrue(out().contains(",exits.CR_ACCESS.details.cr3:W\n0,native,0,1,,0\n"), out());
    }

    @Test
    void aFailingExpectationIsStatusOne() throws IOException {
        String file = scenario("e.yaml", "expect: [slowdown < 1.1]\n");
        assertEquals(1, hvsim("run", file));
        assertTrue(out().contains("fails  slowdown < 1.1\n"), out());
        assertTrue(out().contains("e.yaml:1\n"), out());
    }

    @Test
    void anExpectationWithoutMeaningIsAnErrorBeforeTheRun() throws IOException {
        String file = scenario("e.yaml", "expect:\n  - exit.total > 1\n  - slowdown\n");
        assertEquals(2, hvsim("run", file));
        assertTrue(
                err().contains(
                                "e.yaml:2:5: error: expect: no metric 'exit.total'; did you mean 'exits.total.samples'?\n"),
                err());
        assertTrue(err().contains("e.yaml:3:13: error: expect: no comparison\n"), err());
        assertTrue(err().contains("2 errors in " + file + "; nothing was run\n"), err());
        assertEquals(List.of(), bench.asked);
    }

    @Test
    void anUnwritableOutputIsKnownBeforeTheRun() throws IOException {
        Files.createDirectory(folder.resolve("d.json"));
        assertEquals(2, hvsim("run", lab, "--out", folder + "/no/such.json"));
        assertEquals(2, hvsim("run", lab, "--out", folder + "/d.json"));
        assertEquals(2, hvsim("run", lab, "--out", folder + "/x.pdf"));
        assertEquals(2, hvsim("run", lab, "--out", "/proc/x.json"));
        assertEquals(2, hvsim("run", lab, "--out", ""));
        assertEquals(List.of(), bench.asked);
        assertTrue(err().contains("hvsim run: --out " + folder + "/no/such.json: there is no such folder\n"), err());
        assertTrue(err().contains("    choices: .txt, .json, .jsonl, .csv\n"), err());
    }

    @Test
    void aFailingRunLeavesOldOutputAlone() throws IOException {
        Files.writeString(folder.resolve("r.json"), "old");
        bench.answer = (loaded, control) -> {
            throw new IllegalStateException("the parts do not add up");
        };
        assertEquals(4, hvsim("run", lab, "--out", folder + "/r.json"));
        assertEquals("old", Files.readString(folder.resolve("r.json")));
        assertEquals(2, filesInFolder());
        assertEquals(2, err().lines().count(), err());
        assertTrue(err().contains("the parts do not add up"), err());
    }

    @Test
    void debugShowsWhereItHappened() {
        bench.answer = (loaded, control) -> {
            throw new IllegalStateException("odd");
        };
        assertEquals(4, hvsim("run", lab, "--debug"));
        assertTrue(err().contains("\tat hvsim."), err());
    }

    @Test
    void noMemoryIsStatusThree() {
        bench.answer = (loaded, control) -> {
            throw new OutOfMemoryError("Java heap space");
        };
        assertEquals(3, hvsim("run", lab));
        assertTrue(err().contains("out of memory"), err());
    }

    @Test
    void anEndlessRecursionIsOurFault() {
        bench.answer = (loaded, control) -> {
            throw new StackOverflowError();
        };
        assertEquals(4, hvsim("run", lab));
    }

    @Test
    void aRunStoppedByTheLimitIsPartial() throws IOException {
        String file = scenario("e.yaml", "expect: [slowdown < 1.1]\n");
        bench.answer = (loaded, control) -> {
            while (!control.isStopRequested()) {
                control.progress(1, 2);
            }
            return Fabricated.partial(Fabricated.firstExits());
        };
        assertEquals(3, hvsim("run", file, "--limit", "20ms"));
        assertTrue(out().startsWith("PARTIAL"), out());
        assertFalse(out().contains("EXPECT"), out());
    }

    @Test
    void strictTakesNotesForErrors() {
        bench.answer = (loaded, control) -> Fabricated.partial(Fabricated.firstExits());
        assertEquals(2, hvsim("run", lab, "--strict"));
        assertEquals("", out());
        assertTrue(err().startsWith("error (--strict): a note"), err());
    }

    @Test
    void csvLeavesNotesToStandardErrorUnlessQuiet() {
        bench.answer = (loaded, control) -> Fabricated.partial(Fabricated.firstExits());
        hvsim("run", lab, "--format", "csv");
        assertTrue(err().startsWith("note: a note"), err());
        err.reset();
        hvsim("run", lab, "--format", "csv", "--quiet");
        assertEquals("", err());
    }

    @Test
    void aReaderThatWentAwayIsNoFault() {
        assertEquals(0, hvsim(failing("Broken pipe"), "", "run", lab));
        assertEquals("", err());
    }

    @Test
    void aFullDiskIsStatusThree() {
        assertEquals(3, hvsim(failing("No space left on device"), "", "run", lab));
        assertTrue(err().contains("standard output: No space left on device"), err());
    }

    private static OutputStream failing(String why) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(why);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "run",
                "run a b",
                "run --set x=1",
                "run LAB --bogus",
                "run LAB --set",
                "run LAB --set x",
                "run LAB --set =1",
                "run LAB --set no.such=1",
                "run LAB --set hypervisor.memory=native,nested",
                "run LAB --vary run.seed=1,2",
                "run LAB --width 3",
                "run LAB --width many",
                "run LAB --width 80 --width 90",
                "run LAB --limit soon",
                "run LAB --limit 0s",
                "run LAB --format xml",
                "run LAB --columns slowdown",
                "run LAB --long",
                "run LAB --format csv --columns exit.total",
                "run LAB --format csv --by vm --columns slowdown",
                "run LAB --by phase",
                "run LAB --by interval",
                "run @/etc/passwd",
                "run no-such-scenario",
                "run ./no/such.yaml",
                "run /",
                "run /dev/null",
                "compare LAB --vary run.seed",
                "compare LAB --vary run.seed=",
                "compare LAB --vary run.seed=1,1,,",
                "compare LAB --vary run.seed=1..99999999",
                "check",
                "check LAB no-such-scenario",
                "show",
                "show no-such-name",
                "show /",
                "list nothing",
                "explain",
                "explain walk --guest-page 8KiB",
                "explain walk --cached tea",
                "trace",
                "trace info",
                "trace info broken"
            })
    void whatIsWrongIsStatusTwoAndOneShortMessage(String line) {
        String[] arguments =
                line.isEmpty() ? new String[0] : line.replace("LAB", lab).split(" ", -1);
        assertEquals(2, hvsim(arguments), () -> line + "\n" + out() + err());
        assertEquals(List.of(), bench.asked);
        assertFalse(err().isBlank());
        assertFalse(err().contains("\tat "), err());
        assertTrue(err().lines().count() <= 8, err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "run -h",
                "compare --help",
                "check --help",
                "show --help",
                "list --help",
                "explain --help",
                "explain walk --help",
                "trace --help",
                "trace info --help",
                "trace convert --help"
            })
    void helpFitsThePage(String line) {
        assertEquals(0, hvsim(line.split(" ", -1)));
        assertTrue(out().startsWith("Usage: hvsim"), out());
        out().lines().forEach(one -> assertTrue(one.length() <= 80, one));
        assertEquals("", err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "run --version", "trace info --version"})
    void theVersionIsAskedOfAnyCommand(String line) {
        assertEquals(0, hvsim(line.split(" ", -1)));
        assertTrue(out().matches("hvsim [0-9].*\n"), out());
    }

    @Test
    void checkTellsOfEachFile() throws IOException {
        String bad = scenario("bad.yaml", "machin: 1\n");
        assertEquals(2, hvsim("check", lab, bad, lab));
        assertEquals(
                2,
                out().lines()
                        .filter(line -> line.endsWith("lab.yaml: good; 1 point, 1 run"))
                        .count(),
                out());
        assertTrue(err().contains("bad.yaml:1:1: error"), err());
    }

    @Test
    void showPrintsTheFileOrAllValues() {
        assertEquals(0, hvsim("show", lab));
        assertEquals("title: Lab\n", out());
        out.reset();
        assertEquals(0, hvsim("show", lab, "--effective"));
        assertTrue(out().contains("preset: skylake-sp"), out());
    }

    @Test
    void showTellsWhereEachValueOfAMachineIsFrom() {
        assertEquals(0, hvsim("show", "zen-4", "--effective"));
        assertTrue(out().contains("# preset zen-4: B086 CPUID of an EPYC"), out());
        assertTrue(out().startsWith("preset: zen-4                               # preset zen-4\n"), out());
        assertTrue(out().contains("caches:"), out());
        assertTrue(!out().contains("hypervisor:"), out());
    }

    @Test
    void anImportedCpuidIsAPresetAndADamagedOneHasItsLine() throws IOException {
        Path dump = folder.resolve("dump.txt");
        Files.writeString(
                dump,
                "CPU:\n   vendor_id = \"GenuineIntel\"\n   version information (1/eax):\n      family = 0x6 (6)\n");
        assertEquals(0, hvsim("import", "cpuid", dump.toString()));
        assertTrue(out().contains("\npreset: penryn\n"), out());
        Files.writeString(dump, "0x00000000 0x00: eax=0x16\n");
        assertEquals(2, hvsim("import", "cpuid", dump.toString()));
        assertTrue(err().contains("dump.txt:1: error: '0x00000000 0x00: eax=0x16' has not four registers"), err());
        assertEquals(2, hvsim("import", "cpuid", folder.resolve("none").toString()));
        assertEquals(2, hvsim("import"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "machines:skylake-sp",
                "metrics:exits.REASON.samples  (exits; CSV)",
                "instructions:cpuid",
                "exits:CPUID  (10, CPUID)"
            })
    void listsAreOneNameALine(String kindAndName) {
        String[] parts = kindAndName.split(":", -1);
        assertEquals(0, hvsim("list", parts[0]));
        assertTrue(out().lines().toList().contains(parts[1]), out());
    }

    @ParameterizedTest
    @CsvSource({
        "4KiB, 4KiB, 24", "4KiB, 2MiB, 19", "4KiB, 1GiB, 14",
        "2MiB, 4KiB, 19", "2MiB, 2MiB, 15", "2MiB, 1GiB, 11",
        "1GiB, 4KiB, 14", "1GiB, 2MiB, 11", "1GiB, 1GiB, 8",
    })
    void explainWalkCountsTheReferencesOfTheModelsOwnWalk(String guest, String host, int references) {
        assertEquals(0, hvsim("explain", "walk", "--guest-page", guest, "--host-page", host));
        assertTrue(out().contains("\n" + references + " references = guest "), out());
        assertTrue(out().contains("- 1 = " + references + ","), out());
        out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"pde 5", "pdpte 10", "pml4e 15", "nested_tlb 4", "pde,nested_tlb 1"})
    void whatIsCachedShortensTheWalk(String cached, int references) {
        assertEquals(0, hvsim("explain", "walk", "--cached", cached));
        assertTrue(out().contains("\n" + references + " reference"), out());
    }

    @Test
    void aNativeWalkReadsOneEntryALevel() {
        assertEquals(0, hvsim("explain", "walk", "--native"));
        assertTrue(out().contains("\n4 references\n"), out());
    }

    @Test
    void aTraceIsConvertedBesideItself() {
        assertEquals(0, hvsim("trace", "convert", "a/gzip.lackey.xz"));
        assertEquals(0, hvsim("trace", "convert", "a/gzip.lackey.xz", "--out", "b.hvt"));
        assertEquals(List.of("a/gzip.lackey.xz -> a/gzip.hvt", "a/gzip.lackey.xz -> b.hvt"), bench.converted);
    }

    @Test
    void aTraceIsConvertedInParts() {
        assertEquals(0, hvsim("trace", "convert", "ls.lackey", "--parts", "2", "--lenient"));
        assertEquals(List.of("ls.lackey -> ls.0.hvt ls.1.hvt"), bench.converted);
        assertTrue(err().contains("note: ls.lackey: 1 damaged place was left out"), err());
        assertEquals(2, hvsim("trace", "convert", "ls.lackey", "--parts", "0"));
    }

    @Test
    void aTraceIsDescribedAsTextOrJson() {
        assertEquals(0, hvsim("trace", "info", "ls.lackey"));
        assertTrue(out().startsWith("ls.lackey: lackey, compression none\nreferences "), out());
        assertEquals(0, hvsim("trace", "info", "ls.lackey", "--format", "json"));
        assertTrue(out().contains("\"schema\": \"hvsim.trace/1\""), out());
        assertEquals(2, hvsim("trace", "info", "ls.lackey", "--format", "csv"));
    }

    private long filesInFolder() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }
}
