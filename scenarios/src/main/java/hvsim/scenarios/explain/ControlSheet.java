package hvsim.scenarios.explain;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxCapability;
import hvsim.cpu.vmx.VmxControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a VM-execution, VM-exit or VM-entry control does. */
final class ControlSheet {
    private static final Texts TEXTS = new Texts("controls");

    private ControlSheet() {}

    /** By its name here or in the manual, with or without "enable". */
    static Optional<VmxControl> find(String word) {
        String normal = Words.normal(word);
        return Stream.of(VmxControl.values())
                .filter(control -> control.name().equals(normal)
                        || Words.normal(control.sdmName()).equals(normal)
                        || control.name().equals("ENABLE_" + normal))
                .findFirst();
    }

    static void write(VmxControl control, Sheet sheet) {
        Map<String, String> texts = TEXTS.of(control.name());
        VmcsField word = control.word();
        sheet.headline(Words.small(control) + ": control, '" + control.sdmName() + "'");
        sheet.tell("is", "bit " + control.bit() + " of " + Words.small(word) + " (" + Words.hex(word.encoding()) + ")");
        sheet.tell("means", texts.getOrDefault("means", ""));
        sheet.tell(
                "in hvsim",
                VmxCapability.ALL.isImplemented(control)
                        ? "implemented: the capability MSR allows it to be 1"
                        : "not implemented: the capability MSR does not allow it to be 1");
        sheet.tell("source", texts.getOrDefault("source", ""));
        List<String> lines = instructions(control);
        if (!lines.isEmpty()) {
            sheet.sentences("Instructions in non-root mode that it makes a difference to, by itself:", lines);
        }
    }

    private static List<String> instructions(VmxControl control) {
        String setting = Variation.isOnAtFirst(control) ? "off" : "on";
        List<String> lines = new ArrayList<>();
        for (Instruction instruction : Instruction.values()) {
            for (Cases.Case one : new Cases(instruction, List.of()).with(Variation.of(control))) {
                lines.add(instruction.mnemonic() + " at CPL " + one.cpls() + ", " + setting + ": "
                        + Verdict.words(one.decision()));
            }
        }
        return lines;
    }
}
