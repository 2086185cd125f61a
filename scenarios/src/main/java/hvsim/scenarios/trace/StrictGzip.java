package hvsim.scenarios.trace;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Gzip that does not, as the JDK's does, take bytes that are no further member for the end of the file. */
final class StrictGzip extends GZIPInputStream {
    /** Checksum and length behind each member. */
    private static final int TRAILER_BYTES = 8;

    StrictGzip(InputStream in, int bufferBytes) throws IOException {
        super(in, bufferBytes);
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int n = super.read(into, from, length);
        if (n < 0 && (inf.getRemaining() > TRAILER_BYTES || in.read() >= 0)) {
            throw new ZipException("what follows the compressed text is not gzip");
        }
        return n;
    }
}
