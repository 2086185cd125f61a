package hvsim.scenarios.command;

import hvsim.scenarios.explain.Explainer;
import hvsim.scenarios.explain.Question;
import hvsim.scenarios.explain.QuestionException;
import hvsim.scenarios.report.Layout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "explain",
        abbreviateSynopsis = true,
        scope = ScopeType.LOCAL,
        description = {
            "Say what an instruction, exit reason, control or invalidating operation does, or what a metric means; or"
                    + " print each reference of a walk.",
            "",
            "Of an instruction, the table of all cases, or with --mode, --cpl, --controls or --registers the one case"
                    + " that they describe: by default non-root mode, CPL 0, all controls off, the registers of a"
                    + " 64-bit kernel."
        },
        footer = {
            "",
            "Examples:",
            "  hvsim explain popf",
            "  hvsim explain CR_ACCESS",
            "  hvsim explain hlt_exiting",
            "  hvsim explain tlb.stlb.kept_exit",
            "  hvsim explain invvpid",
            "  hvsim explain in 0x71 --cpl 3 --registers iopl=3 \\",
            "    --controls use_io_bitmaps,io_bitmap=0x71",
            "  hvsim explain mov_to_cr4 0x2620 --controls \\",
            "    cr4_guest_host_mask=0x2000,cr4_read_shadow=0",
            "  hvsim explain walk --entry pde=0x80",
            "  hvsim list instructions (exits, controls, invalidations, metrics)"
        })
final class ExplainCommand implements Callable<Integer> {
    private static final List<String> FORMATS = List.of("text", "json");

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "WORD",
            description = "An instruction, exit reason, control, invalidating operation or metric; or walk.")
    private String word = "";

    @Parameters(
            index = "1..*",
            paramLabel = "OPERAND",
            description = "Of an instruction: its operand, and a second one, such as a port, or an MSR and a value.")
    private List<String> operands = new ArrayList<>();

    @Option(names = "--mode", paramLabel = "MODE", description = "outside_vmx, root or non_root.")
    private @Nullable String mode;

    @Option(names = "--cpl", paramLabel = "N", description = "Current privilege level, 0 to 3.")
    private @Nullable Integer cpl;

    @Option(
            names = "--controls",
            split = ",",
            paramLabel = "NAME",
            description = "Controls that are on, or NAME=off; fields of the VMCS as NAME=VALUE; io_bitmap=PORT,"
                    + " msr_read_bitmap=MSR and msr_write_bitmap=MSR set one bit. Several with commas.")
    private List<String> controls = new ArrayList<>();

    @Option(
            names = "--registers",
            split = ",",
            paramLabel = "NAME=VALUE",
            description = "Registers, such as cr4=0x20, or bits, such as cr4.umip; iopl=3. Several with commas.")
    private List<String> registers = new ArrayList<>();

    @Option(names = "--format", paramLabel = "FORMAT", description = "text, or json for one case of an instruction.")
    private String format = "text";

    private final Context context;

    ExplainCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        if (word.isEmpty()) {
            throw new WrongOptionException("explain what?", "a WORD as in hvsim list instructions, or walk");
        }
        if (!FORMATS.contains(format)) {
            throw new WrongOptionException(
                    "--format: there is no format '" + format + "'", "choices: " + String.join(", ", FORMATS));
        }
        try {
            Question question = new Question(operands, mode, cpl, controls, registers);
            context.console()
                    .print(
                            format.equals("json")
                                    ? json(Explainer.values(word, question))
                                    : Explainer.text(word, question, Layout.DEFAULT_WIDTH));
        } catch (QuestionException e) {
            throw new WrongOptionException(e.what(), e.rule());
        }
        return ExitStatus.DONE;
    }

    private static String json(Map<String, Object> values) {
        return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(values) + "\n";
    }
}
