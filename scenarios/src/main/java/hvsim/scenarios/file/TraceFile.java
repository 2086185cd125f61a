package hvsim.scenarios.file;

import java.io.IOException;
import java.io.InputStream;

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

    /** @throws IOException if it cannot be read; the message names no class */
    public InputStream open() throws IOException {
        return place.open();
    }
}
