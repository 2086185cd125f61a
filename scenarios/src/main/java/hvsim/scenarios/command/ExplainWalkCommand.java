package hvsim.scenarios.command;

import hvsim.scenarios.report.Layout;
import hvsim.scenarios.report.WalkTable;
import hvsim.tlb.PageSize;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "walk",
        abbreviateSynopsis = true,
        description = "Print each reference of a page walk, in order, and their number.",
        footer = {
            "",
            "Examples:",
            "  hvsim explain walk",
            "  hvsim explain walk --guest-page 2MiB --host-page 2MiB",
            "  hvsim explain walk --cached pde,nested_tlb"
        })
final class ExplainWalkCommand implements Callable<Integer> {
    private static final List<String> STRUCTURES = List.of("pde", "pdpte", "pml4e", "nested_tlb");

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

    private final Context context;

    ExplainWalkCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        for (String structure : cached) {
            if (!STRUCTURES.contains(structure)) {
                throw new WrongOptionException(
                        "--cached: there is no structure '" + structure + "'",
                        "choices: " + String.join(", ", STRUCTURES));
            }
        }
        boolean nested = !withoutSecondStage;
        PageSize guest = page("--guest-page", guestPage);
        PageSize host = page("--host-page", hostPage);
        context.console().print(WalkTable.of(guest, host, cached, nested, Layout.DEFAULT_WIDTH));
        return ExitStatus.DONE;
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
