package hvsim.scenarios.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that a command reads as a whole. */
final class TextFile {
    private static final int MOST_BYTES = 8 << 20;

    private TextFile() {}

    /** A pipe or a device may be endless, so no length is asked for. */
    private static String decoded(String name, Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new WrongOptionException("'" + name + "' has more than 8MiB", "");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }
    }

    /**
     * Its text.
     *
     * @param missing what to say if there is no such file
     * @param choices what would be right then
     */
    static String read(String name, String missing, String choices) {
        try {
            Path path = Path.of(name);
            if (Files.isDirectory(path)) {
                throw new WrongOptionException("'" + name + "' is a folder, not a file", "");
            }
            return decoded(name, path);
        } catch (NoSuchFileException | InvalidPathException e) {
            throw new WrongOptionException(missing, choices);
        } catch (CharacterCodingException e) {
            throw new WrongOptionException("'" + name + "' is no UTF-8 text", "");
        } catch (IOException e) {
            throw new WrongOptionException("'" + name + "' cannot be read", "");
        }
    }
}
