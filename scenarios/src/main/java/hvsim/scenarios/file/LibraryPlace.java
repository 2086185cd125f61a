package hvsim.scenarios.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A file of the library, which is packed into the program.
 *
 * @param path from the library's root, without "." and ".."
 */
record LibraryPlace(String path) implements Place {
    static final String PREFIX = "library:";

    private static final String ROOT = "/library/";

    static LibraryPlace of(String path) throws BadValueException {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..") && parts.pollLast() == null || part.contains("\\") || path.startsWith("/")) {
                throw new BadValueException(Text.quoted(path) + " leads out of the library", "");
            }
            if (!part.isEmpty() && !part.equals(".") && !part.equals("..")) {
                parts.addLast(part);
            }
        }
        return new LibraryPlace(String.join("/", parts));
    }

    @Override
    public String shown() {
        return PREFIX + path;
    }

    @Override
    public String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public String problem() {
        boolean exists = isFileName(path) && LibraryPlace.class.getResource(ROOT + path) != null;
        return exists ? "" : "there is no such file in the library";
    }

    @Override
    public InputStream open() throws IOException {
        InputStream in = isFileName(path) ? LibraryPlace.class.getResourceAsStream(ROOT + path) : null;
        if (in == null) {
            throw new IOException("there is no such file in the library");
        }
        return in;
    }

    /** Folders are resources too, but every file of the library has a suffix. */
    private static boolean isFileName(String path) {
        return path.lastIndexOf('.') > path.lastIndexOf('/');
    }

    @Override
    public Place sibling(String other) throws BadValueException {
        if (other.startsWith(PREFIX)) {
            return of(other.substring(PREFIX.length()));
        }
        return of(path.substring(0, path.lastIndexOf('/') + 1) + other);
    }
}
