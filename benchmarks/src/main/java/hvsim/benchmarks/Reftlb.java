package hvsim.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program {@code reftlb}, for its speed. */
record Reftlb(Path program) {
    /** At the end of its standard error: {@code time reps=5 user_s: 0.0391 0.0388 ... | median=...}. */
    private static final Pattern SECONDS = Pattern.compile("user_s:((?: [0-9.]+)+)");

    /**
     * Nanoseconds of processor time a reference, one figure for each repetition.
     *
     * @throws IOException if it cannot be run, or fails
     */
    List<Double> nanos(List<String> options, int repetitions, Path mtr) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(options);
        command.addAll(List.of("-r", Integer.toString(repetitions), mtr.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher seconds = SECONDS.matcher(output);
        if (process.waitFor() != 0 || !seconds.find()) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        List<Double> nanos = new ArrayList<>();
        for (String s : seconds.group(1).trim().split(" ", -1)) {
            nanos.add(Double.parseDouble(s) * 1e9 / Rounds.REFERENCES);
        }
        return nanos;
    }
}
