package hvsim.scenarios.command;

import hvsim.scenarios.run.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

@Command(
        name = "hvsim",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Hvsim.VersionLine.class,
        usageHelpWidth = 80,
        usageHelpAutoWidth = false,
        sortOptions = false,
        description = "See what virtualization costs: VM exits, TLB hits, page walks and cycles.",
        footer = {
            "",
            "Examples:",
            "  hvsim run first-exits",
            "  hvsim compare first-exits --vary hypervisor.features.vpid=on,off",
            "  hvsim run --help",
            "",
            "Exit status: 0 done, 1 something checked is not so, 2 the input is wrong,",
            "3 could not finish, 4 a fault of hvsim, 130 and 143 stopped by a signal."
        })
final class Hvsim implements Runnable {
    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of an internal error.")
    private boolean debug;

    @Spec
    private CommandSpec spec;

    boolean isDebug() {
        return debug;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    static final class VersionLine implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"hvsim " + Version.current()};
        }
    }
}
