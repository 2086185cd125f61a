package hvsim.scenarios.trace;

import hvsim.scenarios.trace.SampleProgram.Step;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes steps of a program as drmemtrace's view tool prints them: its header, markers and columns. */
@SuppressWarnings("AnnotateFormatMethod")
final class ViewWriter {
    private static final int FIRST_THREAD = 4710;
    private static final String DASHES = "-".repeat(60);
    private static final String REFERENCE = "%-12s%2d byte(s) @ 0x%016x by PC 0x%016x";
    private static final String INSTRUCTION = "%-12s%2d byte(s) @ 0x%016x ";

    private final StringBuilder text = new StringBuilder();
    private final Set<Integer> met = new HashSet<>();
    private final boolean workloads;
    private int record;
    private int instruction;
    private String thread = "";

    /** @param workloads whether threads are written as versions since 2025 do, with the workload before */
    private ViewWriter(boolean workloads) {
        this.workloads = workloads;
    }

    static byte[] write(List<Step> steps, boolean workloads) {
        return new ViewWriter(workloads).written(steps);
    }

    private byte[] written(List<Step> steps) {
        line("Output format:");
        line("<--record#-> <--instr#->: " + (workloads ? "<Wrkld.Tid>" : "<---tid--->") + " <record details>");
        line(DASHES);
        steps.forEach(this::step);
        end(steps.get(steps.size() - 1).ip());
        line("View tool results:");
        line("%15d : total instructions", instruction);
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private void step(Step step) {
        thread(step.thread());
        instruction++;
        record(INSTRUCTION + "48 89 e7             mov    %%rsp -> %%rdi", "ifetch", step.length(), step.ip());
        if (step.load() != 0) {
            record(REFERENCE, "read", step.loadBytes(), step.load(), step.ip());
        }
        if (step.store() != 0) {
            record(REFERENCE, "write", step.storeBytes(), step.store(), step.ip());
        }
    }

    private void thread(int number) {
        String name = (workloads ? "W0.T" : "") + (FIRST_THREAD + number);
        if (!name.equals(thread) && !thread.isEmpty()) {
            line(DASHES);
        }
        thread = name;
        if (met.add(number)) {
            record("<marker: version %d>", workloads ? 7 : 6);
            record("<marker: filetype 0xe40>");
            record("<marker: cache line size 64>");
            record("<marker: chunk instruction count 10000000>");
            record("<marker: page size 4096>");
            record("<marker: timestamp 13372531768128569>");
            record("<marker: %s on core 3>", workloads ? thread : "tid " + thread);
        }
    }

    /** What is no reference: a prefetch, a long instruction's other bytes, and what only newer versions have. */
    private void end(long ip) {
        record(REFERENCE, "pref-r-L1-NT", 64, 0x9000, ip);
        again(" ".repeat(43) + "00 00 00");
        if (workloads) {
            record(INSTRUCTION + "f3 a4                rep movs", "non-fetched", 2, ip);
            line("<marker: wait for another core>");
        }
        record("<thread %s exited>", thread);
    }

    private void record(String details, Object... values) {
        record++;
        again(details, values);
    }

    private void again(String details, Object... values) {
        line("%12d%12d: %11s %s", record, instruction, thread, String.format(Locale.ROOT, details, values));
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
