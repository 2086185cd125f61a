package hvsim.scenarios.run;

import hvsim.cpu.ProgramUnreadableException;
import hvsim.scenarios.file.TraceFile;
import hvsim.scenarios.trace.Trace;
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
    private final Map<Key, Trace> open = new LinkedHashMap<>();

    private record Key(TraceFile file, boolean lenient) {
        Trace open() {
            return file.onDisk()
                    .map(path -> Trace.open(path, file.shown(), lenient))
                    .orElseGet(() -> Trace.open(file::open, file.shown(), lenient));
        }
    }

    /**
     * @param lenient whether what is damaged is left out
     * @throws ProgramUnreadableException if it cannot be read or is no trace
     */
    Trace of(TraceFile file, boolean lenient) {
        return open.computeIfAbsent(new Key(file, lenient), Key::open);
    }

    /** What was left out of them so far. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        open.forEach((key, trace) -> {
            String leftOut = trace.leftOut().note();
            if (!leftOut.isEmpty()) {
                notes.add(key.file().shown() + ": " + leftOut);
            }
        });
        return notes;
    }

    /** Every trace that was used, with the SHA-256 of its file. */
    List<Result.Input> inputs() {
        List<Result.Input> inputs = new ArrayList<>();
        open.keySet().stream()
                .map(Key::file)
                .distinct()
                .forEach(file -> inputs.add(new Result.Input(Inputs.name(file.shown()), digest(file))));
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
