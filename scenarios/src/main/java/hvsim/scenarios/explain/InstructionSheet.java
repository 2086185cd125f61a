package hvsim.scenarios.explain;

import hvsim.cpu.instruction.Decision;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.InstructionRules;
import hvsim.cpu.instruction.Operation;
import hvsim.scenarios.report.Table;
import hvsim.scenarios.report.Table.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What happens to an instruction, at which privilege, and under which control. */
final class InstructionSheet {
    private static final Texts TEXTS = new Texts("instructions");

    private InstructionSheet() {}

    static Optional<Instruction> find(String word) {
        String normal = Words.normal(word);
        return Stream.of(Instruction.values())
                .filter(instruction -> instruction.name().equals(normal))
                .findFirst();
    }

    static void write(Instruction instruction, Question question, Sheet sheet) {
        if (question.isOfOneCase()) {
            writeCase(instruction, question, sheet);
            return;
        }
        Map<String, String> texts = TEXTS.of(instruction.mnemonic());
        sheet.headline(instruction.mnemonic() + ": instruction; " + Operands.written(instruction));
        sheet.tell("privilege", texts.getOrDefault("privilege", ""));
        sheet.tell("deprivileged", texts.getOrDefault("deprivileged", ""));
        sheet.tell("on the list", texts.getOrDefault("listed", ""));
        sheet.tell("in a guest", texts.getOrDefault("guest", ""));
        sheet.tell("order", texts.getOrDefault("order", ""));
        sheet.tell("source", texts.getOrDefault("source", ""));
        List<Cases.Case> cases = new Cases(instruction, question.operands()).all();
        sheet.section(
                "By mode and CPL; then what makes a difference. In non-root mode instructions that need a control"
                        + " have it, and bitmaps are empty.",
                table(cases).lines(sheet.width()));
        sheet.sentences("Rules:", rules(cases));
    }

    private static Table table(List<Cases.Case> cases) {
        Table table = new Table(List.of(
                Column.left("mode", 2, 11),
                Column.left("CPL", 2, 4),
                Column.left("with", 2, 25),
                Column.left("what becomes of it", 2, 22)));
        cases.forEach(one ->
                table.row(List.of(Words.small(one.mode()), one.cpls(), one.with(), Verdict.words(one.decision()))));
        return table;
    }

    private static List<String> rules(List<Cases.Case> cases) {
        Map<String, String> rules = new LinkedHashMap<>();
        cases.forEach(one -> rules.putIfAbsent(
                one.decision().rule().text(), one.decision().rule().section()));
        List<String> lines = new ArrayList<>();
        rules.forEach((text, section) -> lines.add(text + " (" + section + ")"));
        return lines;
    }

    private static void writeCase(Instruction instruction, Question question, Sheet sheet) {
        Map<String, Object> values = values(instruction, question);
        sheet.headline(instruction.mnemonic() + ", at CPL " + values.get("cpl") + " in mode " + values.get("mode"));
        values.remove("instruction");
        values.remove("cpl");
        values.remove("mode");
        if (Boolean.TRUE.equals(values.remove("silently_different"))) {
            values.replace("result", "executes, silently different");
        }
        values.forEach((name, value) ->
                sheet.tell(name.replaceFirst("exit_(instruction_)?|guest_", "").replace('_', ' '), value.toString()));
    }

    /** The one case that is asked about, as values. */
    static Map<String, Object> values(Instruction instruction, Question question) {
        ProcessorCase asked = question.processorCase();
        Operation operation = Operands.of(instruction, question.operands(), asked.registers);
        Decision decision = InstructionRules.decide(operation, asked.processor());
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("instruction", instruction.mnemonic());
        values.put("mode", Words.small(asked.mode));
        values.put("cpl", asked.cpl);
        values.put("operand", Words.hex(operation.operand()));
        values.put("value", Words.hex(operation.value()));
        values.put("controls", String.join(", ", question.controls()));
        values.put("registers", String.join(", ", question.registers()));
        values.putAll(Verdict.values(decision));
        return values;
    }
}
