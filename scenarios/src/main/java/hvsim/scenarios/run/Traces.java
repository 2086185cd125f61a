package hvsim.scenarios.run;

import hvsim.cpu.ProgramUnreadableException;
import hvsim.scenarios.file.TraceFile;
import hvsim.scenarios.workload.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The traces that a scenario names, each opened once. */
final class Traces {
    private final Map<TraceFile, Trace> open = new LinkedHashMap<>();

    /** @throws ProgramUnreadableException if it cannot be read or is no trace */
    Trace of(TraceFile file) {
        return open.computeIfAbsent(file, Traces::open);
    }

    private static Trace open(TraceFile file) {
        return file.onDisk()
                .map(path -> Trace.open(path, file.shown()))
                .orElseGet(() -> Trace.open(file::open, file.shown()));
    }

    /** Every trace that was used, with the SHA-256 of its file. */
    List<Result.Input> inputs() {
        List<Result.Input> inputs = new ArrayList<>();
        open.keySet().forEach(file -> inputs.add(new Result.Input(Inputs.name(file.shown()), digest(file))));
        return inputs;
    }

    private static String digest(TraceFile file) {
        try (InputStream in = file.open()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new ProgramUnreadableException(file.shown() + ": error: " + e.getMessage());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
