package hvsim.scenarios;

import hvsim.scenarios.command.Cli;

/** The program. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Cli.runAndExit(new LocalWorkbench(), arguments);
    }
}
