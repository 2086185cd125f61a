package hvsim.scenarios.report;

import hvsim.scenarios.run.Result;
import hvsim.scenarios.run.Result.Judgement;
import hvsim.scenarios.run.RunResult;
import hvsim.scenarios.run.RunResult.Counts;
import hvsim.scenarios.run.RunResult.Cycles;
import hvsim.scenarios.run.RunResult.Data;
import hvsim.scenarios.run.RunResult.Exits;
import hvsim.scenarios.run.RunResult.Faults;
import hvsim.scenarios.run.RunResult.FirstDifference;
import hvsim.scenarios.run.RunResult.Host;
import hvsim.scenarios.run.RunResult.Saved;
import hvsim.scenarios.run.RunResult.Served;
import hvsim.scenarios.run.RunResult.TlbCounts;
import hvsim.scenarios.run.RunResult.VmCounts;
import hvsim.scenarios.run.RunResult.Walks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results that no model computed: plausible numbers for reports to be drawn from. */
public final class Fabricated {
    private static final Served NOT_SERVED = new Served(null, null, null, null, null);
    private static final Host NO_HOST = new Host(null);
    private static final Data NO_DATA = new Data(null, NOT_SERVED, null);

    private Fabricated() {}

    /** Two VMs, one run beside the native one. */
    public static Result firstExits() {
        RunResult natively = native5M();
        RunResult main = run(
                "main", Map.of(), "equal", 1.282199, "held", firstExitsCycles(), firstExitsExits(), tlbs(), walks());
        List<Judgement> expect = List.of(new Judgement(
                "first-exits.yaml",
                14,
                "exits.MSR_WRITE.samples > exits.EPT_VIOLATION.samples",
                true,
                "main",
                0,
                400L,
                272L));
        return result("first-exits", "First exits", config(), List.of(natively, main), expect);
    }

    /** The same without a hypervisor: nothing exits, nothing is kept. */
    public static Result nativeOnly() {
        RunResult one = native5M();
        RunResult main = new RunResult(
                "main",
                0,
                0,
                1,
                Map.of(),
                "equal",
                null,
                1.0,
                null,
                List.of(),
                null,
                one.counts(),
                one.vms(),
                Map.of(),
                List.of());
        Map<String, Object> config = new LinkedHashMap<>(config());
        config.put("hypervisor", Map.of("cpu", "native", "memory", "native", "features", Map.of("vpid", true)));
        return result("alone", "Alone", config, List.of(one, main), List.of());
    }

    /** Runs side by side, one of them wrong and one expectation failing. */
    public static Result compared() {
        RunResult off = with(
                run(
                        "vpid_off",
                        Map.of("hypervisor.features.vpid", false),
                        "equal",
                        1.5,
                        "held",
                        firstExitsCycles(),
                        firstExitsExits(),
                        tlbs(),
                        walks()),
                null);
        RunResult on = with(
                run(
                        "vpid_on",
                        Map.of("hypervisor.features.vpid", true),
                        "differs",
                        1.282199,
                        "held",
                        firstExitsCycles(),
                        firstExitsExits(),
                        tlbs(),
                        walks()),
                new FirstDifference("vm-1", 4117, "rdmsr", "0x8005003b", "0x80050033"));
        List<Judgement> expect = List.of(
                new Judgement(
                        "vpid.yaml",
                        16,
                        "vpid_off.exits.total.samples > 20 * vpid_on.exits.total.samples because I say so",
                        false,
                        null,
                        0,
                        13_271L,
                        14_000L),
                new Judgement("vpid.yaml", 17, "fidelity == equal", false, "vpid_on", 0, "differs", "equal"),
                new Judgement("vpid.yaml", 18, "vpid_on.tlb.stlb.kept_exit > 99.95%", false, null, 0, 0.999, 0.9995),
                new Judgement("vpid.yaml", 19, "tlb.stlb.mpki < 3", false, "vpid_off", 0, null, 3L),
                new Judgement("vpid.yaml", 20, "slowdown < 2", true, "vpid_off", 0, 1.5, 2L));
        return result("vpid", "VPID on and off", config(), List.of(native5M(), off, on), expect);
    }

    /** One run at as many points as asked. */
    public static Result manyRuns(int count) {
        List<RunResult> runs = new ArrayList<>(List.of(native5M()));
        for (int i = 1; i <= count; i++) {
            String entries = Integer.toString(i * 128);
            RunResult run = run(
                    "main",
                    Map.of("machine.tlb.stlb.entries", entries),
                    "equal",
                    1.2,
                    "held",
                    firstExitsCycles(),
                    firstExitsExits(),
                    tlbs(),
                    walks());
            runs.add(atPoint(run, i - 1));
        }
        return result("sizes", "TLB sizes", config(), runs, List.of());
    }

    /** Runs of those names that change nothing. */
    static Result runsCalled(String... names) {
        List<RunResult> runs = new ArrayList<>(List.of(native5M()));
        for (String name : names) {
            Cycles cycles = firstExitsCycles();
            runs.add(run(name, Map.of(), "equal", 1.2, "held", cycles, firstExitsExits(), tlbs(), walks()));
        }
        return result("names", "Names", config(), runs, List.of());
    }

    public static Result partial(Result result) {
        return new Result(
                result.schema(),
                result.hvsim(),
                true,
                List.of("a note: \u001b[31mred"),
                result.scenario(),
                result.inputs(),
                result.config(),
                result.runs(),
                List.of());
    }

    private static Result result(
            String name, String title, Map<String, Object> config, List<RunResult> runs, List<Judgement> expect) {
        return new Result(
                Result.SCHEMA,
                "0.1.0",
                false,
                List.of(),
                new Result.ScenarioId(name, title, "ab".repeat(32)),
                List.of(new Result.Input(name + ".yaml", "ab".repeat(32))),
                config,
                runs,
                expect);
    }

    private static RunResult run(
            String name,
            Map<String, Object> set,
            String fidelity,
            Double slowdown,
            String safety,
            Cycles cycles,
            Map<String, Exits> exits,
            Map<String, TlbCounts> tlb,
            Walks walks) {
        return new RunResult(
                name,
                0,
                0,
                1,
                set,
                fidelity,
                null,
                slowdown,
                safety,
                List.of(),
                2_400_000L,
                counts(10_000_000, cycles, exits, tlb, walks),
                vms(counts(5_000_000, cycles, exits, tlb, walks), fidelity),
                Map.of(),
                List.of());
    }

    public static RunResult atPoint(RunResult run, int point) {
        return new RunResult(
                run.run(),
                point,
                run.replicate(),
                run.seed(),
                run.set(),
                run.fidelity(),
                run.firstDifference(),
                run.slowdown(),
                run.safety(),
                run.violations(),
                run.lostControlCycles(),
                run.counts(),
                run.vms(),
                run.phases(),
                run.intervals());
    }

    private static RunResult with(RunResult run, FirstDifference difference) {
        return new RunResult(
                run.run(),
                run.point(),
                run.replicate(),
                run.seed(),
                run.set(),
                run.fidelity(),
                difference,
                run.slowdown(),
                run.safety(),
                run.violations(),
                run.lostControlCycles(),
                run.counts(),
                run.vms(),
                run.phases(),
                run.intervals());
    }

    private static RunResult native5M() {
        Cycles cycles = new Cycles(10_193_402, 0, 32_634, 11_542, 0, 0, 0, 0, 0, 10_237_578);
        Map<String, TlbCounts> tlb = new LinkedHashMap<>();
        tlbs().forEach((name, counts) -> tlb.put(
                name,
                new TlbCounts(
                        counts.lookups(),
                        counts.hits(),
                        counts.misses(),
                        counts.hitRate(),
                        counts.missesPer1000(),
                        counts.mpki(),
                        null,
                        null,
                        null,
                        0,
                        0)));
        Walks walks = new Walks(262, 0, 0, 398, 398, 0, NOT_SERVED, new Saved(650, 0, 0), 0, 0);
        return new RunResult(
                "native",
                0,
                0,
                1,
                Map.of(),
                null,
                null,
                1.0,
                null,
                List.of(),
                null,
                counts(10_000_000, cycles, Map.of(), tlb, walks),
                vms(counts(5_000_000, cycles, Map.of(), tlb, walks), null),
                Map.of(),
                List.of());
    }

    private static Counts counts(
            long operations, Cycles cycles, Map<String, Exits> exits, Map<String, TlbCounts> tlb, Walks walks) {
        return new Counts(operations, cycles, NO_HOST, exits, tlb, walks, NO_DATA, new Faults(0), null, null, null);
    }

    private static Map<String, VmCounts> vms(Counts counts, String fidelity) {
        Map<String, VmCounts> vms = new LinkedHashMap<>();
        vms.put("vm-1", new VmCounts(counts, fidelity, 1 << 20, 0, Map.of("0", counts)));
        vms.put("vm-2", new VmCounts(counts, fidelity, 1 << 20, 0, Map.of("0", counts)));
        return vms;
    }

    private static Cycles firstExitsCycles() {
        return new Cycles(10_084_310, 0, 32_634, 11_542, 25_438, 683_900, 2_288_796, 0, 0, 13_126_620);
    }

    private static Map<String, Exits> firstExitsExits() {
        Map<String, Exits> exits = new LinkedHashMap<>();
        exits.put("CPUID", exit(10, "CPUID", 100, 154_210, 1533, 1688));
        exits.put("HLT", new Exits(12, "HLT", 0, 0, 0, 0, null, Map.of()));
        exits.put("IO_INSTRUCTION", exit(30, "I/O instruction", 200, 513_940, 2541, 2702));
        exits.put("MSR_WRITE", exit(32, "WRMSR", 400, 865_600, 2118, 2731));
        exits.put("EPT_VIOLATION", exit(48, "EPT violation", 272, 1_424_464, 4988, 9406));
        exits.put("PREEMPTION_TIMER", exit(52, "VMX-preemption timer expired", 5, 14_470, 2871, 2932));
        exits.put("total", exit(null, null, 977, 2_972_684, 1533, 9406));
        return exits;
    }

    private static Exits exit(Integer number, String sdmName, long samples, long cycles, long least, long most) {
        return new Exits(number, sdmName, samples, cycles, least, most, (double) cycles / samples, Map.of());
    }

    private static Map<String, TlbCounts> tlbs() {
        Map<String, TlbCounts> tlbs = new LinkedHashMap<>();
        tlbs.put("itlb", tlb(7_723_218, 35, 0.998, 0.414));
        tlbs.put("dtlb", tlb(2_276_362, 4_889, 0.991, 0.027));
        tlbs.put("stlb", tlb(4_924, 262, 0.999, 0.976));
        return tlbs;
    }

    private static TlbCounts tlb(long lookups, long misses, double keptExit, double keptSwitch) {
        long hits = lookups - misses;
        return new TlbCounts(
                lookups,
                hits,
                misses,
                (double) hits / lookups,
                misses / 10_000.0,
                null,
                keptExit,
                keptSwitch,
                1000L,
                1234,
                12);
    }

    private static Walks walks() {
        return new Walks(
                262,
                272,
                0,
                1504,
                398,
                1106,
                new Served(1012L, 301L, 120L, 71L, 0L),
                new Saved(3250, 1208, 326),
                77,
                0);
    }

    private static Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("preset", "skylake-sp");
        machine.put("cores", 1);
        machine.put("page_levels", 4);
        machine.put("clock", "2.4GHz");
        config.put("machine", machine);
        Map<String, Object> hypervisor = new LinkedHashMap<>();
        hypervisor.put("cpu", "hardware");
        hypervisor.put("memory", "nested");
        hypervisor.put("features", Map.of("vpid", true));
        config.put("hypervisor", hypervisor);
        Map<String, Object> vm = new LinkedHashMap<>();
        vm.put("count", 2);
        vm.put("guest_page", "4KiB");
        vm.put("host_page", "4KiB");
        config.put("vms", Map.of("vm", vm));
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("operations", 5_000_000);
        run.put("warmup", "0%");
        config.put("run", run);
        return config;
    }
}
