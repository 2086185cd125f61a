package hvsim.scenarios.file;

import java.io.InputStream;
import java.nio.file.Path;

/** Standard input; what it names lies in the working directory. */
record InputPlace(InputStream in) implements Place {
    static DiskPlace inWorkingFolder() {
        return new DiskPlace(Path.of("-"));
    }

    @Override
    public String shown() {
        return "-";
    }

    @Override
    public String fileName() {
        return "stdin";
    }

    @Override
    public String problem() {
        return "";
    }

    @Override
    public InputStream open() {
        return in;
    }

    @Override
    public Place sibling(String path) throws BadValueException {
        return inWorkingFolder().sibling(path);
    }
}
