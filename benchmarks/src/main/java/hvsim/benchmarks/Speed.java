package hvsim.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;

/**
 * The benchmarks beside {@code reftlb}, in turn: for {@code run-speed.sh}. What is compared is medians of processor
 * time, each of {@code reftlb} before and after the benchmark.
 *
 * <pre>
 *   Speed REFTLB TRACE FOLDER_FOR_BINARIES
 * </pre>
 */
public final class Speed {
    private static final int REPETITIONS = 7;

    private final Reftlb reftlb;
    private final String trace;
    private final Path replayed;
    private final Path uniform;

    private Speed(Reftlb reftlb, String trace, Path folder) throws IOException {
        this.reftlb = reftlb;
        this.trace = trace;
        this.replayed = folder.resolve("replay.mtr");
        this.uniform = folder.resolve("uniform.mtr");
        Rounds.write(Rounds.ofTrace(Path.of(trace)), replayed);
        Rounds.write(Rounds.uniform(), uniform);
    }

    public static void main(String[] args) throws IOException, InterruptedException, RunnerException {
        if (args.length != 3) {
            System.err.println("usage: Speed REFTLB TRACE FOLDER_FOR_BINARIES");
            System.exit(2);
        }
        Speed speed = new Speed(new Reftlb(Path.of(args[0])), args[1], Path.of(args[2]));
        System.out.println("| run | reftlb | ns/ref | hvsim ns/ref | ratio | target | |");
        System.out.println("|---|---|--:|--:|--:|--:|---|");
        for (SpeedCase row : SpeedCase.ALL) {
            System.out.println(speed.measure(row));
        }
        Files.delete(speed.replayed);
        Files.delete(speed.uniform);
    }

    private String measure(SpeedCase row) throws IOException, InterruptedException, RunnerException {
        Path input = row.replay() ? replayed : uniform;
        List<Double> theirs = new ArrayList<>(reftlb.nanos(row.options(), REPETITIONS, input));
        List<Double> ours = nanos(row);
        theirs.addAll(reftlb.nanos(row.options(), REPETITIONS, input));
        return line(row, Iterations.median(theirs), Iterations.median(ours));
    }

    /** One figure for each measured iteration of each fork. */
    private List<Double> nanos(SpeedCase row) throws RunnerException {
        List<Double> nanos = Iterations.nanosFor("rounds", row.benchmark(trace));
        nanos.replaceAll(round -> round / Rounds.REFERENCES);
        return nanos;
    }

    private static String line(SpeedCase row, double theirs, double ours) {
        double ratio = theirs / ours;
        String verdict = row.target() == 0 ? "" : ratio >= row.target() ? "met" : "missed";
        return String.format(
                Locale.ROOT,
                "| %s | `%s` | %.2f | %.2f | %.2f | %s | %s |",
                row.title(),
                String.join(" ", row.options()),
                theirs,
                ours,
                ratio,
                row.target() == 0 ? "" : row.target(),
                verdict);
    }
}
