package hvsim.scenarios.cpuid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.file.MachineConfig;
import hvsim.scenarios.file.MachineFeature;
import hvsim.scenarios.file.PageChoice;
import hvsim.scenarios.file.ScenarioLoader;
import hvsim.scenarios.file.TlbConfig;
import hvsim.scenarios.file.Vendor;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dumps are written for these tests. */
class CpuidPresetTest {
    @TempDir
    private Path folder;

    private static String dump(String name) throws Exception {
        try (InputStream in = Objects.requireNonNull(CpuidPresetTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The machine of a scenario that uses the imported file. */
    private Loaded loaded(String name) throws Exception {
        Files.writeString(folder.resolve("mine.yaml"), CpuidPreset.of(dump(name)));
        Path lab = folder.resolve("lab.yaml");
        Files.writeString(lab, "machine: {preset: mine.yaml}\n");
        return new ScenarioLoader("test", InputStream.nullInputStream(), (lines, names) -> List.of())
                .load(lab.toString(), List.of(), List.of());
    }

    private static void check(TlbConfig tlb, List<PageChoice> pages, int entries, int ways) {
        assertEquals(pages, tlb.pages());
        assertEquals(entries, tlb.entries());
        assertEquals(ways, tlb.ways());
    }

    @Test
    void registersBecomeAPreset() throws Exception {
        MachineConfig machine = loaded("xeon-raw.txt").base().scenario().machine();
        assertEquals("2100MHz", machine.clock().toString().replace("2.1GHz", "2100MHz"));
        assertEquals(
                Set.of("itlb", "itlb_2m", "dtlb", "dtlb_2m", "dtlb_1g", "stlb", "stlb_1g"),
                machine.tlb().keySet());
        check(machine.tlb().get("itlb"), List.of(PageChoice.KIB_4), 128, 8);
        check(machine.tlb().get("dtlb"), List.of(PageChoice.KIB_4), 64, 4);
        check(machine.tlb().get("stlb"), List.of(PageChoice.KIB_4, PageChoice.MIB_2), 1536, 6);
        check(machine.tlb().get("stlb_1g"), List.of(PageChoice.GIB_1), 16, 4);
        assertEquals(9, machine.tlb().get("stlb").hitCycles());
        assertTrue(machine.has(MachineFeature.PCID) && machine.has(MachineFeature.PAGES_1GIB));
    }

    @Test
    void twoArraysForOnePageSizeBecomeOneAsLargeAsBoth() throws Exception {
        MachineConfig machine = loaded("core-decoded.txt").base().scenario().machine();
        check(machine.tlb().get("itlb"), List.of(PageChoice.KIB_4), 256, 8);
        check(machine.tlb().get("dtlb"), List.of(PageChoice.KIB_4), 96, 6);
        check(machine.tlb().get("dtlb_1g"), List.of(PageChoice.GIB_1), 8, 8);
        assertFalse(machine.tlb().containsKey("dtlb_2m"), "no leaf tells of it");
        check(machine.tlb().get("stlb"), List.of(PageChoice.KIB_4), 2048, 16);
        check(machine.tlb().get("stlb_2m"), List.of(PageChoice.MIB_2), 1024, 8);
        check(machine.tlb().get("stlb_1g"), List.of(PageChoice.GIB_1), 1024, 8);
        assertTrue(CpuidPreset.of(dump("core-decoded.txt")).contains("page_levels: 5 is possible"));
    }

    @Test
    void arraysOfOneShapeThatAmdNamesBySizeAreOne() throws Exception {
        MachineConfig machine = loaded("epyc-decoded.txt").base().scenario().machine();
        assertEquals(Vendor.AMD, machine.vendor());
        check(machine.tlb().get("dtlb"), List.of(PageChoice.values()), 72, 72);
        check(machine.tlb().get("l2_itlb"), List.of(PageChoice.KIB_4), 512, 4);
        check(machine.tlb().get("l2_itlb_2m"), List.of(PageChoice.MIB_2), 512, 2);
        check(machine.tlb().get("l2_dtlb"), List.of(PageChoice.KIB_4), 3072, 8);
        check(machine.tlb().get("l2_dtlb_2m"), List.of(PageChoice.MIB_2), 3072, 6);
        check(machine.tlb().get("l2_dtlb_1g"), List.of(PageChoice.GIB_1), 64, 64);
    }

    /** Registers of a Zen 5: in 12 bits there is no room for 4096. */
    @Test
    void amdMayCountTheSecondLevelInUnitsOf32() throws Exception {
        String zen5 = CpuidPreset.of("""
                CPU 0:
                   0x00000000 0x00: eax=0x00000010 ebx=0x68747541 ecx=0x444d4163 edx=0x69746e65
                   0x00000001 0x00: eax=0x00b40f40 ebx=0x00000000 ecx=0x00000000 edx=0x00000000
                   0x80000006 0x00: eax=0x40802040 ebx=0x60804040 ecx=0x04008140 edx=0x02009140
                   0x80000019 0x00: eax=0xf060f040 ebx=0x40200000 ecx=0x00000000 edx=0x00000000
                   0x80000021 0x00: eax=0x593fffcf ebx=0x00080382 ecx=0x00000000 edx=0x00000000
                """);
        assertTrue(zen5.contains("l2_itlb: {level: 2, holds: fetch, pages: [4KiB], entries: 2048, ways: 4"), zen5);
        assertTrue(zen5.contains("l2_dtlb: {level: 2, holds: data, pages: [4KiB], entries: 4096, ways: 8"), zen5);
        assertTrue(zen5.contains("dtlb: {level: 1, holds: data, pages: [1GiB], entries: 96, ways: full"), zen5);
    }

    /** Descriptors whose highest bit is set, in a text that does not tell which bytes they were. */
    @Test
    void noDescriptorOfDecodedTextHidesOthers() throws Exception {
        String preset = CpuidPreset.of("""
                CPU:
                   vendor_id = "GenuineIntel"
                   version information (1/eax):
                      family          = 0x6 (6)
                      model           = 0xa (10)
                      extended model  = 0x2 (2)
                   feature information (1/ecx):
                      process context identifiers             = true
                   cache and TLB information (2):
                      0x5a: data TLB: 2M/4M pages, 4-way, 32 entries
                      0x03: data TLB: 4K pages, 4-way, 64 entries
                      0x76: instruction TLB: 2M/4M pages, fully, 8 entries
                      0xff: cache data is in CPUID leaf 4
                      0xb2: instruction TLB: 4K, 4-way, 64 entries
                      0xf0: 64 byte prefetching
                      0xca: L2 TLB: 4K pages, 4-way, 512 entries
                """);
        assertTrue(preset.contains("  pcid: on"), preset);
        assertTrue(preset.contains("  itlb: {level: 1, holds: fetch, pages: [4KiB], entries: 64, ways: 4}"), preset);
        assertTrue(preset.contains("  stlb: {level: 2, holds: all, pages: [4KiB], entries: 512, ways: 4"), preset);
    }

    @Test
    void ofAHybridProcessorTheTypeOfTheCoreIsSaid() throws Exception {
        assertTrue(CpuidPreset.of(dump("core-decoded.txt")).contains("# It is a core of type Core;"));
    }

    @Test
    void everyValueNamesItsLeafAndTheRestItsPreset() throws Exception {
        var sources = loaded("xeon-raw.txt").base().sources();
        assertTrue(sources.get("machine.tlb.stlb.entries").endsWith("mine.yaml: CPUID leaf 2, descriptor C3H"));
        assertTrue(sources.get("machine.tlb.stlb.hit_cycles").endsWith("mine.yaml: assumed, as skylake-sp"));
        assertTrue(sources.get("machine.cycles.vm_exit").startsWith("preset skylake-sp: assumed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"xeon-raw.txt", "core-decoded.txt", "epyc-decoded.txt"})
    void anImportedMachineHasNoNotes(String name) throws Exception {
        assertEquals(List.of(), loaded(name).notes());
    }

    @ParameterizedTest
    @CsvSource({
        "false, 15, 4, prescott",
        "false, 6, 23, penryn",
        "false, 5, 4, penryn",
        "false, 6, 14, penryn",
        "false, 6, 28, penryn",
        "false, 6, 44, nehalem",
        "false, 6, 55, nehalem",
        "false, 6, 122, sandy-bridge",
        "false, 6, 45, sandy-bridge",
        "false, 6, 63, haswell",
        "false, 6, 79, broadwell",
        "false, 6, 85, skylake-sp",
        "false, 6, 106, ice-lake-sp",
        "false, 6, 143, golden-cove",
        "true, 23, 49, zen-2",
        "true, 25, 1, zen-2",
        "true, 25, 17, zen-4",
        "true, 26, 2, zen-4"
    })
    void familyAndModelNameTheNearestPreset(boolean amd, int family, int model, String preset) {
        assertEquals(preset, NearestMachine.of(amd, family, model));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0x00000004 0x00: eax=0x1c004121 ebx=0x01c0003f | has not four registers",
                "0x00000004 0x00: eax=0x1c00412g ebx=0x0 ecx=0x0 edx=0x0 | has not four registers",
                "vendor_id = \"Intel\" | has not twelve letters",
                "family = six | family: 'six' is no number",
                "model = 0x10 (16) | does not fit"
            })
    void aDamagedLineIsNamed(String line, String what) {
        CpuidException e = assertThrows(
                CpuidException.class, () -> CpuidPreset.of("CPU:\n   version information (1/eax):\n   " + line + "\n"));
        assertEquals(3, e.line());
        assertTrue(Objects.requireNonNull(e.getMessage()).contains(what), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello\n", "title: x\n", "CPU 0:\n"})
    void whatIsNoDumpIsRefused(String text) {
        assertEquals(
                "this is no output of cpuid",
                assertThrows(CpuidException.class, () -> CpuidPreset.of(text)).getMessage());
    }

    @Test
    void veryLongLinesTakeNoTime() {
        String text = "vendor_id = \"GenuineIntel\"\n";
        for (String line : List.of("x" + " ".repeat(1 << 20) + "y", "(".repeat(1 << 20), "=".repeat(1 << 20))) {
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> CpuidPreset.of(text + line + "\n"));
        }
    }

    @Test
    void anotherVendorIsRefused() {
        CpuidException e = assertThrows(CpuidException.class, () -> CpuidPreset.of("vendor_id = \"CentaurHauls\"\n"));
        assertEquals("the vendor is 'CentaurHauls'", e.getMessage());
    }
}
