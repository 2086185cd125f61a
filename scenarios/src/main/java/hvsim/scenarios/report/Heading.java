package hvsim.scenarios.report;

import hvsim.scenarios.run.Result;
import hvsim.scenarios.run.RunResult;
import hvsim.scenarios.run.RunResult.VmCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The lines above the tables: what was run, on what, how much of it. */
final class Heading {
    private static final int VMS_NAMED = 4;

    private final Result result;
    private final Configuration configuration;

    Heading(Result result) {
        this.result = result;
        configuration = new Configuration(result);
    }

    /** @param counted the run whose extent is given, with its cycles if it is the only one */
    void write(Page page, RunResult counted, boolean withCycles) {
        writeTitle(page);
        page.paragraph(machine(), 2);
        page.paragraph(extent(counted, withCycles), 2);
        result.notes().forEach(note -> page.paragraph("note: " + note, 6));
        page.blank();
    }

    void writeTitle(Page page) {
        if (result.partial()) {
            page.paragraph("PARTIAL: stopped before the end; the counts are those made until then", 2);
        }
        page.paragraph(result.scenario().name() + ": " + result.scenario().title(), 2);
    }

    private String machine() {
        List<String> hardware = new ArrayList<>();
        String cores = configuration.text("machine.cores");
        add(hardware, "machine.preset", "");
        hardware.add(cores + (cores.equals("1") ? " core" : " cores") + " at " + configuration.text("machine.clock"));
        List<String> software = new ArrayList<>();
        add(software, "hypervisor.cpu", "cpu ");
        add(software, "hypervisor.memory", "memory ");
        if (!configuration.text("hypervisor.cpu").equals("native")) {
            add(software, "hypervisor.features.vpid", "vpid ");
        }
        return String.join(", ", hardware) + (software.isEmpty() ? "" : "; " + String.join(", ", software));
    }

    private void add(List<String> parts, String path, String label) {
        if (!configuration.isVaried(path) && !configuration.text(path).isEmpty()) {
            parts.add(label + configuration.text(path));
        }
    }

    private String extent(RunResult run, boolean withCycles) {
        StringBuilder text = new StringBuilder(vms(run.vms()));
        String warmup = configuration.text("run.warmup");
        if (!warmup.isEmpty() && !warmup.equals("0%") && !configuration.isVaried("run.warmup")) {
            text.append(" after ").append(warmup).append(" warm-up");
        }
        if (withCycles) {
            boolean oneCore = configuration.text("machine.cores").equals("1");
            String time = oneCore ? configuration.time(run.counts().cycles().total()) : "";
            text.append(", ")
                    .append(Digits.grouped(run.counts().cycles().total()))
                    .append(oneCore ? " cycles" : " cycles on all cores");
            text.append(time.isEmpty() ? "" : " = " + time);
        }
        return text.append(", seed ").append(run.seed()).toString();
    }

    private static String vms(Map<String, VmCounts> vms) {
        List<Long> operations = vms.values().stream()
                .map(vm -> vm.counts().operations())
                .distinct()
                .toList();
        long all =
                vms.values().stream().mapToLong(vm -> vm.counts().operations()).sum();
        String count =
                vms.size() + (vms.size() == 1 ? " VM" : " VMs") + " (" + names(new ArrayList<>(vms.keySet())) + ")";
        return operations.size() == 1
                ? count + " x " + Digits.grouped(operations.get(0)) + " operations"
                : count + ", " + Digits.grouped(all) + " operations in all";
    }

    private static String names(List<String> names) {
        return names.size() <= VMS_NAMED
                ? String.join(", ", names)
                : names.get(0) + ", " + names.get(1) + " to " + names.get(names.size() - 1);
    }
}
