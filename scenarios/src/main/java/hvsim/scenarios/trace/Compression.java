package hvsim.scenarios.trace;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.tukaani.xz.XZInputStream;

/** How a trace is compressed: told by its first bytes, never by its name. */
public enum Compression {
    NONE("none"),
    GZIP("gzip", 0x1f, 0x8b),
    XZ("xz", 0xfd, '7', 'z', 'X', 'Z', 0),
    ZSTD("zstd", 0x28, 0xb5, 0x2f, 0xfd);

    /** Bytes that tell any of them. */
    static final int MAGIC_BYTES = 6;

    /** A dictionary larger than that is refused: {@code xz -9} takes 65 MiB to read. */
    private static final int XZ_MEMORY_KIB = 512 * 1024;

    private static final int BUFFER_BYTES = 1 << 16;

    private final String word;
    private final int[] magic;

    Compression(String word, int... magic) {
        this.word = word;
        this.magic = magic;
    }

    public String word() {
        return word;
    }

    static Compression of(byte[] start, int length) {
        for (Compression compression : values()) {
            if (compression != NONE && compression.begins(start, length)) {
                return compression;
            }
        }
        return NONE;
    }

    InputStream open(InputStream in) throws IOException {
        return switch (this) {
            case NONE -> in;
            case GZIP -> new StrictGzip(in, BUFFER_BYTES);
            case XZ -> new XZInputStream(in, XZ_MEMORY_KIB);
            case ZSTD -> new ZstdInputStream(in);
        };
    }

    private boolean begins(byte[] start, int length) {
        if (length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((start[i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
