package hvsim.scenarios.report;

import hvsim.scenarios.report.Table.Column;
import hvsim.scenarios.run.RunResult;
import hvsim.scenarios.run.RunResult.DeviceCounts;
import hvsim.scenarios.run.RunResult.DeviceExits;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What devices have done for each VM, and which exits they have caused. */
final class DevicesTable {
    private static final int NAME = 18;
    private static final double MEGA = 1e6;

    private final RunResult run;
    private final Configuration configuration;

    DevicesTable(RunResult run, Configuration configuration) {
        this.run = run;
        this.configuration = configuration;
    }

    void write(Page page) {
        page.paragraph("DEVICES; operations: frames received and sent; latency from the line to the driver", 2);
        Table table = new Table(List.of(
                Column.left("", 0, NAME),
                Column.right("Operations", 2, 10, 0),
                Column.right("Mbit/s", 2, 9, 1),
                Column.right("Drops", 2, 6, 0),
                Column.right("Interrupts", 2, 10, 1),
                Column.right("Exits per", "operation", 2, 9, 0),
                Column.right("Latency", "p50", 2, 8, 1),
                Column.right("", "p99", 2, 8, 1)));
        run.vms()
                .forEach((vm, counts) ->
                        counts.devices().forEach((name, device) -> table.row(row(vm + " " + name, device))));
        page.lines(table.lines(page.width()));
        run.vms()
                .forEach((vm, counts) ->
                        counts.devices().forEach((name, device) -> exits(vm + " " + name, device, page)));
    }

    private List<String> row(String name, DeviceCounts device) {
        Double bits = device.bitsPerS();
        return List.of(
                name,
                Digits.grouped(device.operations()),
                Cells.fixed(bits == null ? null : (Double) (bits / MEGA), 1),
                Digits.grouped(device.drops()),
                Digits.grouped(device.interrupts()),
                Cells.fixed(device.exitsPerOperation(), 2),
                time(device.latency().p50Cycles()),
                time(device.latency().p99Cycles()));
    }

    private String time(@Nullable Long cycles) {
        String time = cycles == null ? Cells.UNDEFINED : configuration.time(cycles);
        return cycles != null && time.isEmpty() ? Digits.grouped(cycles) : time;
    }

    private static void exits(String name, DeviceCounts device, Page page) {
        Map<String, DeviceExits> exits = device.exits();
        DeviceExits total = exits.get("total");
        if (total != null && total.samples() > 0) {
            page.paragraph(Cells.left(name, NAME) + "  " + mostFrequent(exits), NAME + 2);
        }
    }

    private static String mostFrequent(Map<String, DeviceExits> exits) {
        return exits.entrySet().stream()
                .filter(entry -> !entry.getKey().equals("total"))
                .sorted(Comparator.comparingLong(entry -> -entry.getValue().samples()))
                .map(entry ->
                        entry.getKey() + " " + Digits.grouped(entry.getValue().samples()))
                .collect(Collectors.joining("   "));
    }
}
