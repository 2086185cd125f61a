package hvsim.scenarios.file;

import java.io.IOException;
import java.io.InputStream;

/** Where a file lies: on disk, in the library, or on standard input. */
public sealed interface Place permits DiskPlace, LibraryPlace, PresetPlace, InputPlace {
    /** What messages call it. */
    String shown();

    /** The last part of its path. */
    String fileName();

    /** @throws IOException if it cannot be read; the message is a reason for users, such as "there is no such file" */
    InputStream open() throws IOException;

    /** Why it cannot be read, as far as can be seen without opening it; empty if nothing is in the way. */
    String problem();

    /**
     * The file that a path means when it stands in this file.
     *
     * @throws BadValueException if the path is malformed or leaves the library
     */
    Place sibling(String path) throws BadValueException;
}
