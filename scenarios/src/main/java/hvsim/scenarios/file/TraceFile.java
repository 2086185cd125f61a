package hvsim.scenarios.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A trace that a scenario names.
 *
 * @param path as the scenario writes it
 */
public record TraceFile(String path, Place place) {
    /** What messages call it: the path as seen from the working directory, or {@code library:...}. */
    public String shown() {
        return place.shown();
    }

    /** Where it lies on disk; empty if it is in the library. */
    public Optional<Path> onDisk() {
        return place instanceof DiskPlace disk ? Optional.of(disk.path()) : Optional.empty();
    }

    /** @throws IOException if it cannot be read; the message names no class */
    public InputStream open() throws IOException {
        return place.open();
    }
}
