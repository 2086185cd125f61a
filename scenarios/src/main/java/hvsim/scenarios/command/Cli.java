package hvsim.scenarios.command;

import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: what is asked, and which exit status the answer has. */
public final class Cli {
    static final String SCENARIO = "A file (its name has '/' or '.'), - for standard input, or a name, see hvsim list.";

    private final Context context;
    private final Hvsim root = new Hvsim();
    private final CommandLine commands;

    public Cli(Workbench bench, Console console, InputStream stdin, StopSwitch stop) {
        context = new Context(bench, console, stdin, stop);
        commands = new CommandLine(root)
                .addSubcommand(new RunCommand(context))
                .addSubcommand(new CompareCommand(context))
                .addSubcommand(new CheckCommand(context))
                .addSubcommand(new ShowCommand(context))
                .addSubcommand(new ListCommand(context))
                .addSubcommand(new MicrobenchCommand(context))
                .addSubcommand(
                        new CommandLine(new ExplainCommand(context)).addSubcommand(new ExplainWalkCommand(context)))
                .addSubcommand(new CommandLine(new Import()).addSubcommand(new ImportCpuidCommand(context)))
                .addSubcommand(new CommandLine(new Trace())
                        .addSubcommand(new TraceInfoCommand(context))
                        .addSubcommand(new TraceConvertCommand(context)));
        commands.setExpandAtFiles(false);
        commands.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(console.err(), true));
        commands.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        commands.setParameterExceptionHandler(this::wrongCommandLine);
        commands.setExecutionExceptionHandler(this::failed);
    }

    /** The whole process: runs the command, lets a signal end it early but with its report, and exits. */
    public static void runAndExit(Workbench bench, String... arguments) {
        StopSwitch stop = new StopSwitch();
        stop.install();
        int status = ExitStatus.INTERNAL;
        try {
            status = new Cli(bench, Console.ofProcess(), System.in, stop).execute(arguments);
        } finally {
            stop.finish();
        }
        System.exit(status);
    }

    /** @return the exit status; everything has been printed */
    public int execute(String... arguments) {
        try {
            return commands.execute(arguments);
        } catch (Error e) {
            return new Failure(context.console(), root.isDebug()).report(e, "hvsim");
        }
    }

    private int wrongCommandLine(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        context.console().complain(List.of(name + ": " + e.getMessage()));
        if (!UnmatchedArgumentException.printSuggestions(e, command.getErr())) {
            context.console().complain(List.of("    all of it: " + name + " --help"));
        }
        return ExitStatus.WRONG_INPUT;
    }

    private int failed(Exception e, CommandLine command, ParseResult parsed) {
        return new Failure(context.console(), root.isDebug())
                .report(e, command.getCommandSpec().qualifiedName());
    }

    @Command(
            name = "trace",
            description = "Describe and convert traces.",
            scope = ScopeType.LOCAL,
            footer = {"", "Example:", "  hvsim trace info gzip.lackey.xz"})
    private static final class Trace extends CommandGroup {}

    @Command(
            name = "import",
            description = "Make files for hvsim from what other tools say.",
            scope = ScopeType.LOCAL,
            footer = {"", "Example:", "  hvsim import cpuid cpuid.txt"})
    private static final class Import extends CommandGroup {}
}
