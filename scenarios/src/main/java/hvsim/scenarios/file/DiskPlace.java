package hvsim.scenarios.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file on disk. */
record DiskPlace(Path path) implements Place {
    static DiskPlace of(String path) throws BadValueException {
        return new DiskPlace(parsed(path).normalize());
    }

    @Override
    public String shown() {
        return path.toString();
    }

    @Override
    public String fileName() {
        Path last = path.getFileName();
        return last == null ? shown() : last.toString();
    }

    @Override
    public String problem() {
        if (Files.isDirectory(path)) {
            return "is a folder, not a file";
        }
        if (!Files.exists(path)) {
            return "there is no such file";
        }
        return Files.isReadable(path) ? "" : "may not be read";
    }

    /** The same file as seen from the folder of another one. */
    String seenFrom(DiskPlace scenario) {
        Path folder = scenario.path.resolveSibling("").toAbsolutePath().normalize();
        return folder.relativize(path.toAbsolutePath().normalize()).toString();
    }

    @Override
    public InputStream open() throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException("is a folder, not a file");
        }
        try {
            return Files.newInputStream(path);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException("may not be read", e);
        } catch (IOException e) {
            throw new IOException("cannot be read", e);
        }
    }

    @Override
    public Place sibling(String other) throws BadValueException {
        if (other.startsWith(LibraryPlace.PREFIX)) {
            return LibraryPlace.of(other.substring(LibraryPlace.PREFIX.length()));
        }
        return new DiskPlace(path.resolveSibling(parsed(other)).normalize());
    }

    private static Path parsed(String path) throws BadValueException {
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw new BadValueException(Text.quoted(path) + " is no path", "");
        }
    }
}
