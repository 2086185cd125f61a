package hvsim.benchmarks;

import hvsim.cpu.Tally;
import hvsim.cpu.TranslationEvent;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.vmx.ExitReason;
import hvsim.scenarios.file.Scenario;
import hvsim.scenarios.file.ScenarioException;
import hvsim.scenarios.file.ScenarioLoader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToLongFunction;

/** What hypervisors do for guests that have them do little else, and the references that it is compared with. */
public enum RateCase {
    /** Nearly all are answered by the TLB. */
    REFERENCES("memory reference", "{memory: nested}", "instructions: {}", "4M", Tally::operations),
    EXITS(
            "VM exit",
            "{memory: nested}",
            "instructions: {cpuid: 500/k}",
            "400k",
            counts -> counts.exits().samples(ExitReason.CPUID)),
    /** True and hidden page faults, and writes to tables: each change of one exits. */
    SHADOW_FAULTS(
            "shadow fault",
            "{memory: shadow, shadow: {out_of_sync: off}}",
            RateCase.KERNEL,
            "400k",
            counts -> counts.exits().samples(ExitReason.EXCEPTION_NMI)),
    /** The code cache holds so few that most are translated again when they are needed. */
    TRANSLATED_BLOCKS(
            "translated block",
            "{cpu: binary_translation, translation: {code_cache: 4KiB}}",
            RateCase.KERNEL + "\n  instructions: {cli: 5/k, sti: 5/k, pushf: 3/k, rdtsc: 2/k, smsw: 1/k}",
            "200k",
            counts -> counts.translation(TranslationEvent.TRANSLATED)),
    HYPERCALLS(
            "hypercall",
            "{cpu: paravirtual, paravirtual: {batch: 1}}",
            RateCase.KERNEL,
            "400k",
            counts -> counts.exits().samples(TrapReason.HYPERCALL));

    private static final String KERNEL =
            "kernel: {processes: 2, process_switch: 1/k, map: 5/k, unmap: 5/k, protect: 5/k, syscall: 5/k,"
                    + " fork: 500/M, exit: 250/M}";

    private final String title;
    private final String hypervisor;
    private final String does;
    private final String operations;
    private final ToLongFunction<Tally> events;

    RateCase(String title, String hypervisor, String does, String operations, ToLongFunction<Tally> events) {
        this.title = title;
        this.hypervisor = hypervisor;
        this.does = does;
        this.operations = operations;
        this.events = events;
    }

    String title() {
        return title;
    }

    long events(Tally counts) {
        return events.applyAsLong(counts);
    }

    Scenario scenario() throws ScenarioException {
        String yaml = "machine: {preset: zen-2}\nhypervisor: " + hypervisor + "\n"
                + "vms: {vm: {memory: 64MiB}}\n"
                + "workload:\n"
                + "  references: {pattern: zipf, working_set: 256KiB, writes: 30%}\n"
                + "  " + does + "\n"
                + "run: {operations: " + operations + "}\n";
        return new ScenarioLoader(
                        "benchmarks",
                        new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)),
                        (lines, names) -> List.of())
                .load("-", List.of(), List.of())
                .base()
                .scenario();
    }
}
