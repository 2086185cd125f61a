package hvsim.scenarios.file;

import java.io.IOException;
import java.io.InputStream;

/**
 * A preset that is packed into the program.
 *
 * @param folder {@code machines} or {@code hypervisors}
 */
record PresetPlace(String folder, String name) implements Place {
    @Override
    public String shown() {
        return "preset " + name;
    }

    @Override
    public String fileName() {
        return name + ".yaml";
    }

    @Override
    public String problem() {
        return PresetPlace.class.getResource(resource()) == null ? "there is no such preset" : "";
    }

    @Override
    public InputStream open() throws IOException {
        InputStream in = PresetPlace.class.getResourceAsStream(resource());
        if (in == null) {
            throw new IOException(problem());
        }
        return in;
    }

    @Override
    public Place sibling(String path) throws BadValueException {
        throw new BadValueException("a preset names no files", "");
    }

    private String resource() {
        return "/" + folder + "/" + fileName();
    }
}
