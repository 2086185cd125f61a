package hvsim.scenarios.command;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that a command reads as a whole. */
final class TextFile {
    private static final long MOST_BYTES = 8 << 20;

    private TextFile() {}

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
            if (Files.size(path) > MOST_BYTES) {
                throw new WrongOptionException("'" + name + "' has more than 8MiB", "");
            }
            return Files.readString(path);
        } catch (NoSuchFileException | InvalidPathException e) {
            throw new WrongOptionException(missing, choices);
        } catch (MalformedInputException e) {
            throw new WrongOptionException("'" + name + "' is no UTF-8 text", "");
        } catch (IOException e) {
            throw new WrongOptionException("'" + name + "' cannot be read", "");
        }
    }
}
