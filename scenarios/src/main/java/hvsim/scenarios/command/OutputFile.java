package hvsim.scenarios.command;

import hvsim.scenarios.report.ReportFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is written whole or not at all: into a neighbour first, which then takes its name. The neighbour is made
 * before the run, so that a folder that cannot be written is known before the time is spent.
 */
final class OutputFile implements AutoCloseable {
    private final ReportFormat format;
    private final Path target;
    private final Path neighbour;

    private OutputFile(ReportFormat format, Path target, Path neighbour) {
        this.format = format;
        this.target = target;
        this.neighbour = neighbour;
    }

    static OutputFile open(String name) {
        ReportFormat format = ReportFormat.ofFile(name)
                .orElseThrow(() -> new WrongOptionException(
                        "--out " + name + ": the suffix says in which form", "choices: .txt, .json, .jsonl, .csv"));
        try {
            Path path = Path.of(name);
            Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
            if (Files.isDirectory(target)) {
                throw unwritable(name, "is a folder");
            }
            if (Files.exists(target) && !Files.isWritable(target)) {
                throw unwritable(name, "may not be written");
            }
            Path neighbour = target.resolveSibling(
                    "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
            Files.write(neighbour, new byte[0], StandardOpenOption.CREATE_NEW);
            return new OutputFile(format, target, neighbour);
        } catch (NoSuchFileException e) {
            throw unwritable(name, "there is no such folder");
        } catch (AccessDeniedException e) {
            throw unwritable(name, "the folder may not be written");
        } catch (IOException | InvalidPathException e) {
            throw unwritable(name, "cannot be written (" + e.getMessage() + ")");
        }
    }

    private static WrongOptionException unwritable(String name, String why) {
        return new WrongOptionException("--out " + name + ": " + why, "");
    }

    ReportFormat format() {
        return format;
    }

    /** @throws IOException naming the file; what stood there before is still there */
    void write(String text) throws IOException {
        try {
            Files.write(neighbour, text.getBytes(StandardCharsets.UTF_8));
            Files.move(neighbour, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IOException(target + ": " + e.getMessage(), e);
        }
    }

    /** Leaves nothing half-written behind. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(neighbour);
    }
}
