package hvsim.scenarios.trace;

import hvsim.cpu.GuestOp;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a {@code .hvt} file beside its place and moves it there when it is whole. */
final class TraceConversion {
    private static final int PIECE = 4096;

    private TraceConversion() {}

    static void write(TraceReader reader, Path out) throws IOException {
        if (Files.isDirectory(out)) {
            throw new FileSystemException(out.toString(), null, "is a folder");
        }
        Path part = out.resolveSibling(out.getFileName() + ".part");
        try {
            try (FileChannel channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                copy(reader, new HvtWriter(channel));
            }
            Files.move(part, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void copy(TraceReader reader, HvtWriter writer) throws IOException {
        long[] words = new long[2 * PIECE];
        int n;
        while ((n = reader.read(words, 0, PIECE)) > 0) {
            for (int i = 0; i < n; i += GuestOp.words(words[i])) {
                writer.add(words, i);
            }
        }
        writer.finish();
    }
}
