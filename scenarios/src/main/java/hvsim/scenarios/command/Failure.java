package hvsim.scenarios.command;

import hvsim.cpu.ProgramUnreadableException;
import java.io.IOException;
import java.util.List;

/** What the user reads, and the caller gets, when a command fails. */
final class Failure {
    private final Console console;
    private final boolean debug;

    Failure(Console console, boolean debug) {
        this.console = console;
        this.debug = debug;
    }

    /** @return the exit status */
    int report(Throwable failure, String command) {
        if (debug) {
            failure.printStackTrace(console.err());
        }
        if (failure instanceof WrongInputException wrong) {
            console.complain(wrong.lines());
            return ExitStatus.WRONG_INPUT;
        }
        if (failure instanceof WrongOptionException wrong) {
            console.complain(List.of(command + ": " + wrong.getMessage()));
            console.complain(wrong.rule().isEmpty() ? List.of() : List.of("    " + wrong.rule()));
            return ExitStatus.WRONG_INPUT;
        }
        if (failure instanceof ProgramUnreadableException) {
            console.complain(List.of(failure.getMessage()));
            return ExitStatus.WRONG_INPUT;
        }
        if (failure instanceof IOException) {
            console.complain(List.of(command + ": could not finish: " + failure.getMessage()));
            return ExitStatus.UNFINISHED;
        }
        if (failure instanceof OutOfMemoryError) {
            long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
            console.complain(List.of(command + ": could not finish: out of memory; the heap is " + mebibytes + "MiB"));
            return ExitStatus.UNFINISHED;
        }
        console.complain(List.of(
                command + ": a fault of hvsim itself: " + failure,
                "    please report it with the scenario and this message; --debug shows where it happened"));
        return ExitStatus.INTERNAL;
    }
}
