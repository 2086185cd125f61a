package hvsim.scenarios.explain;

import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.svm.SvmExit;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.VmxControl;
import hvsim.scenarios.expect.Nearest;
import hvsim.scenarios.run.MetricTexts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything known of a word: as an instruction, exit reason, trap, control, invalidating operation, or metric. */
public final class Explainer {
    private Explainer() {}

    /**
     * The answer as text.
     *
     * @param width columns of the page
     * @throws QuestionException if nothing has that name, or the question does not fit it
     */
    public static String text(String word, Question question, int width) {
        Optional<Instruction> instruction = InstructionSheet.find(word);
        Optional<ExitReason> reason = ExitReasonSheet.find(word);
        Optional<TrapReason> trap = TrapSheet.find(word);
        Optional<VmxControl> control = ControlSheet.find(word);
        List<DroppingOperation> dropping = DroppingOperation.find(word);
        Optional<SvmExit> svm = SvmExitSheet.find(word);
        if (svm.isPresent()) {
            return SvmExitSheet.text(svm.get(), width);
        }
        List<String> metrics = MetricSheet.find(word);
        boolean isNone = Stream.of(instruction, reason, trap, control).allMatch(Optional::isEmpty);
        if (isNone && dropping.isEmpty() && metrics.isEmpty()) {
            throw unknown(word);
        }
        Sheet sheet = new Sheet(width);
        instruction.ifPresent(one -> InstructionSheet.write(one, question, sheet));
        if (instruction.isEmpty() || !question.isOfOneCase()) {
            reason.ifPresent(one -> ExitReasonSheet.write(one, sheet));
            trap.ifPresent(one -> TrapSheet.write(one, sheet));
            control.ifPresent(one -> ControlSheet.write(one, sheet));
            dropping.forEach(one -> InvalidationSheet.write(one, sheet));
            metrics.forEach(one -> MetricSheet.write(one, sheet));
        }
        return sheet.toString();
    }

    /**
     * The one case of an instruction that a question is about, by name.
     *
     * @throws QuestionException if there is no such instruction, or the question does not fit it
     */
    public static Map<String, Object> values(String word, Question question) {
        return InstructionSheet.values(InstructionSheet.find(word).orElseThrow(() -> unknown(word)), question);
    }

    /** Operations that drop what is cached. */
    public static Collection<String> invalidations() {
        return DroppingOperation.names();
    }

    /** Every word that has an answer. */
    public static List<String> words() {
        List<String> words = new ArrayList<>();
        Stream.of(Instruction.values()).forEach(one -> words.add(one.mnemonic()));
        Stream.of(ExitReason.values()).forEach(one -> words.add(one.name()));
        Stream.of(TrapReason.values())
                .filter(one -> !words.contains(one.name()))
                .forEach(one -> words.add(one.name()));
        Stream.of(SvmExit.values()).forEach(one -> words.add(one.name()));
        Stream.of(VmxControl.values()).forEach(one -> words.add(Words.small(one)));
        DroppingOperation.names().stream().filter(name -> !words.contains(name)).forEach(words::add);
        words.addAll(MetricTexts.forms());
        return words;
    }

    private static QuestionException unknown(String word) {
        String near = Nearest.to(word, words())
                .map(one -> "did you mean '" + one + "'? ")
                .orElse("");
        return new QuestionException(
                "there is no instruction, exit reason, control, invalidating operation or metric '" + word + "'",
                near + "all of them: hvsim list instructions, exits, controls, invalidations, metrics");
    }
}
