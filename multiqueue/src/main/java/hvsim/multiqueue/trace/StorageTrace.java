package hvsim.multiqueue.trace;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The requests of a storage trace, one line each. */
public final class StorageTrace implements TimedTrace<StorageRequest> {
    private final TextLines lines;
    private final StorageFormat format;

    public StorageTrace(InputStream in, StorageFormat format) {
        lines = new TextLines(new ByteReader(in));
        this.format = format;
    }

    @Override
    public @Nullable StorageRequest next() {
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (format.isEnd(line)) {
                return null;
            }
            StorageRequest request = request(line);
            if (request != null) {
                return request;
            }
        }
        return null;
    }

    private @Nullable StorageRequest request(String line) {
        try {
            return line.isBlank() ? null : format.parse(line);
        } catch (BadLineException e) {
            throw new BadTraceException("line " + lines.number() + ": " + e.getMessage() + ", in '" + line + "'");
        }
    }
}
