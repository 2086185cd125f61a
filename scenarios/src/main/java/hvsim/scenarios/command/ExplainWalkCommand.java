package hvsim.scenarios.command;

import hvsim.ept.PhysicalMemory;
import hvsim.scenarios.explain.QuestionException;
import hvsim.scenarios.explain.WalkSetup;
import hvsim.scenarios.explain.WalkTable;
import hvsim.scenarios.report.Layout;
import hvsim.tlb.PageSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "walk",
        abbreviateSynopsis = true,
        description = {
            "Print each reference of a page walk, in order, and their number; with entries or registers that are given,"
                    + " also where and why it stops, and which flags it sets."
        },
        footer = {
            "",
            "Examples:",
            "  hvsim explain walk",
            "  hvsim explain walk --guest-page 2MiB --host-page 2MiB",
            "  hvsim explain walk --cached pde,nested_tlb",
            "  hvsim explain walk --entry pde=0x10000000027,ept.pte=0x7032",
            "  hvsim explain walk --paging five_level --ept-levels 5",
            "  hvsim explain walk --access write --cpl 0 --registers cr0.wp=off \\",
            "    --entry pte=0x30000007061",
            "  hvsim explain walk --ept accessed_dirty --entry pde.ept.pte=0x31"
        })
final class ExplainWalkCommand implements Callable<Integer> {
    private static final List<String> STRUCTURES = List.of("pde", "pdpte", "pml4e", "nested_tlb");
    private static final List<String> PAGING = List.of("four_level", "five_level", "pae", "two_level", "off");

    @Option(names = "--guest-page", paramLabel = "SIZE", description = "Leaf of the guest's table: 4KiB, 2MiB or 1GiB.")
    private String guestPage = "4KiB";

    @Option(names = "--host-page", paramLabel = "SIZE", description = "Leaf of the second stage: 4KiB, 2MiB or 1GiB.")
    private String hostPage = "4KiB";

    @Option(
            names = "--cached",
            split = ",",
            paramLabel = "STRUCTURE",
            description =
                    "What remembers the same walk: pml4e, pdpte, pde of the guest, nested_tlb; several with commas.")
    private Set<String> cached = new LinkedHashSet<>();

    @Option(names = "--native", description = "A walk without a second stage.")
    private boolean withoutSecondStage;

    @Option(names = "--paging", paramLabel = "MODE", description = "four_level, five_level, pae, two_level or off.")
    private String paging = "four_level";

    @Option(names = "--ept-levels", paramLabel = "N", description = "Levels of the second stage: 4 or 5.")
    private int eptLevels = 4;

    @Option(names = "--gva", paramLabel = "ADDRESS", description = "The linear address, as 0x7f1234567000.")
    private String gva = "";

    @Option(names = "--access", paramLabel = "KIND", description = "fetch, read, write or modify; default: read.")
    private String access = "read";

    @Option(names = "--cpl", paramLabel = "N", description = "Privilege level of the access, 0 to 3; default: 3.")
    private int cpl = 3;

    @Option(
            names = "--entry",
            split = ",",
            paramLabel = "NAME=VALUE",
            description = "An entry by its level: pte to pml5e of the guest; ept.pte for the final address's path;"
                    + " pde.ept.pte for the path to the table with the guest's PDE. Several with commas.")
    private List<String> entries = new ArrayList<>();

    @Option(
            names = "--registers",
            split = ",",
            paramLabel = "NAME=VALUE",
            description = "Registers such as pkru=4, or bits such as cr4.smap and efer.nxe=off. Several with commas.")
    private List<String> registers = new ArrayList<>();

    @Option(
            names = "--ept",
            split = ",",
            paramLabel = "NAME",
            description = "accessed_dirty, mode_based_execute, advanced_information; execute_only=off, pages_2m=off,"
                    + " pages_1g=off, guest_pages_1g=off. Several with commas.")
    private List<String> second = new ArrayList<>();

    @Option(
            names = "--physical-address-bits",
            paramLabel = "N",
            description = "MAXPHYADDR: bits above it are reserved; 36 to 46.")
    private int physicalAddressBits = PhysicalMemory.ADDRESS_BITS;

    private final Context context;

    ExplainWalkCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        for (String structure : cached) {
            check("--cached: there is no structure", structure, STRUCTURES);
        }
        check("--paging: there is no mode", paging, PAGING);
        PageSize guest = page("--guest-page", guestPage);
        PageSize host = page("--host-page", hostPage);
        try {
            WalkSetup setup = new WalkSetup(
                    guest,
                    host,
                    cached,
                    !withoutSecondStage,
                    gva,
                    access,
                    cpl,
                    allRegisters(),
                    entries,
                    second,
                    eptLevels,
                    physicalAddressBits);
            context.console().print(WalkTable.of(setup, Layout.DEFAULT_WIDTH));
        } catch (QuestionException e) {
            throw new WrongOptionException(e.what(), e.rule());
        }
        return ExitStatus.DONE;
    }

    /** What the paging mode needs comes first, so that it can be changed by name. */
    private List<String> allRegisters() {
        Stream<String> mode = switch (paging) {
            case "five_level" -> Stream.of("cr4.la57");
            case "pae" -> Stream.of("efer.lme=off", "efer.lma=off", "cs.l=off");
            case "two_level" -> Stream.of("efer.lme=off", "efer.lma=off", "cs.l=off", "cr4.pae=off");
            case "off" -> Stream.of("efer.lma=off", "cs.l=off", "cr0.pg=off");
            default -> Stream.empty();
        };
        return Stream.concat(mode, registers.stream()).toList();
    }

    private static void check(String what, String word, List<String> choices) {
        if (!choices.contains(word)) {
            throw new WrongOptionException(what + " '" + word + "'", "choices: " + String.join(", ", choices));
        }
    }

    private static PageSize page(String option, String page) {
        return switch (page) {
            case "4KiB" -> PageSize.SIZE_4K;
            case "2MiB" -> PageSize.SIZE_2M;
            case "1GiB" -> PageSize.SIZE_1G;
            default ->
                throw new WrongOptionException(
                        option + ": there is no page of '" + page + "'", "choices: 4KiB, 2MiB, 1GiB");
        };
    }
}
