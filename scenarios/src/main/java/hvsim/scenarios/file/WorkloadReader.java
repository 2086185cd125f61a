package hvsim.scenarios.file;

import hvsim.cpu.instruction.Instruction;
import hvsim.scenarios.file.WorkloadConfig.InstructionRate;
import hvsim.scenarios.file.WorkloadConfig.KernelConfig;
import hvsim.scenarios.file.WorkloadConfig.PhaseConfig;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Reads a workload, top-level or of one VM. */
final class WorkloadReader {
    private WorkloadReader() {}

    static WorkloadConfig read(Section workload, MachineConfig machine) {
        References references = ReferencesReader.read(workload.section("references"));
        int cycles = cyclesPerOperation(workload);
        HostileConfig hostile = HostileReader.read(workload);
        List<InstructionRate> instructions = instructions(workload.section("instructions"), hostile);
        KernelConfig kernel =
                KernelReader.read(workload.section("kernel"), machine).with(hostile);
        Map<String, PhaseConfig> phases = PhasesReader.read(workload, kernel, machine);
        workload.close();
        if (workload.isSound()) {
            checkShare(workload, instructions, kernel);
        }
        return new WorkloadConfig(references, cycles, instructions, kernel, phases);
    }

    static int cyclesPerOperation(Section section) {
        return section.value("cycles_per_operation", 1, Kind.count(1, 1_000_000));
    }

    static List<InstructionRate> instructions(Section rates, HostileConfig hostile) {
        List<InstructionRate> all = new ArrayList<>(hostile.instructions());
        for (String written : rates.names()) {
            Rate rate = rates.value(written, Rate.NEVER, Rate::parse);
            try {
                all.addAll(named(written, rate));
            } catch (BadValueException e) {
                rates.fault(rates.keyAt(written), rates.path(), e.what(), e.rule());
            }
        }
        return all;
    }

    /** The instruction of that name, or each of a group at that rate. */
    private static List<InstructionRate> named(String written, Rate rate) throws BadValueException {
        if (written.equals(InstructionGroup.SENSITIVE)) {
            return InstructionGroup.sensitive().stream()
                    .map(each -> new InstructionRate(each, OptionalLong.empty(), rate))
                    .toList();
        }
        String[] parts = written.split(" +", 2);
        Optional<Instruction> instruction = Stream.of(Instruction.values())
                .filter(i -> i.mnemonic().equals(parts[0]))
                .findFirst();
        if (instruction.isEmpty()) {
            List<String> choices = InstructionGroup.names();
            String hint = Words.nearest(parts[0], choices)
                    .map(word -> "; did you mean '" + word + "'?")
                    .orElse("");
            throw new BadValueException(
                    "there is no instruction " + Text.quoted(parts[0]) + hint,
                    "choices: " + String.join(", ", choices));
        }
        OptionalLong operand =
                parts.length == 1 ? OptionalLong.empty() : OptionalLong.of(operand(instruction.get(), parts[1]));
        return List.of(new InstructionRate(instruction.get(), operand, rate));
    }

    private static long operand(Instruction instruction, String text) throws BadValueException {
        return switch (instruction.operand()) {
            case NONE ->
                throw new BadValueException(
                        "'" + instruction.mnemonic() + "' takes no operand, but has " + Text.quoted(text), "");
            case PORT -> bits(text, 16, "a port, 0 to 0xffff, such as in 0x71");
            case MSR, MSR_VALUE -> bits(text, 32, "the number of an MSR, 0 to 0xffffffff, such as wrmsr 0x6e0");
            case VALUE, RETURN, PHYSICAL_ADDRESS -> bits(text, 64, "a value of 64 bits, such as 0x80050033");
            case GVA -> bits(text, 47, "a guest-virtual address below 2^47");
            default -> packed(instruction, text);
        };
    }

    private static long packed(Instruction instruction, String text) throws BadValueException {
        String rule =
                instruction.mnemonic() + " takes: " + instruction.operand().form();
        long value = bits(text, 32, rule);
        if (!instruction.takes(value)) {
            throw new BadValueException(Text.quoted(text) + " is no operand of '" + instruction.mnemonic() + "'", rule);
        }
        return value;
    }

    private static long bits(String text, int bits, String rule) throws BadValueException {
        boolean hex = text.matches("0[xX][0-9a-fA-F]{1,16}");
        if (!hex && !text.matches("[0-9]{1,18}")) {
            throw new BadValueException(Text.quoted(text) + " is no operand", rule);
        }
        long value = hex ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
        if (bits < 64 && value >>> bits != 0) {
            throw new BadValueException(Text.quoted(text) + " is too large", rule);
        }
        return value;
    }

    static void checkShare(Section workload, List<InstructionRate> instructions, KernelConfig kernel) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Rate rate : kernel.rates().values()) {
            sum = sum.add(share(rate));
        }
        for (InstructionRate entry : instructions) {
            sum = sum.add(share(entry.rate()));
        }
        if (sum.compareTo(BigDecimal.ONE) > 0) {
            workload.fault(
                    "instructions",
                    "the rates together are more than one in each operation",
                    "an instruction or a kernel event is an operation itself");
        }
    }

    private static BigDecimal share(Rate rate) {
        return rate.isTotal()
                ? BigDecimal.ZERO
                : BigDecimal.valueOf(rate.count())
                        .divide(BigDecimal.valueOf(rate.perOperations()), MathContext.UNLIMITED);
    }

    /** Events that a rate counts for the whole run. */
    static long totals(WorkloadConfig workload) {
        return workload.phases().isEmpty() ? totals(workload.instructions(), workload.kernel()) : 0;
    }

    static long totals(List<InstructionRate> instructions, KernelConfig kernel) {
        long sum = 0;
        for (Rate rate : kernel.rates().values()) {
            sum = Math.min(Long.MAX_VALUE >> 1, sum + total(rate));
        }
        for (InstructionRate entry : instructions) {
            sum = Math.min(Long.MAX_VALUE >> 1, sum + total(entry.rate()));
        }
        return sum;
    }

    private static long total(Rate rate) {
        return rate.isTotal() ? Math.min(rate.count(), Long.MAX_VALUE >> 2) : 0;
    }
}
