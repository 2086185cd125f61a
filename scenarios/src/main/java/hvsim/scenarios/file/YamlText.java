package hvsim.scenarios.file;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The text of a YAML file: strict UTF-8, no control characters. */
final class YamlText {
    private YamlText() {}

    /** The text, or empty after reporting why there is none. */
    static String decode(byte[] bytes, Place place, Faults faults) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            String hex = String.format(Locale.ROOT, "%02x", bytes[in.position()] & 0xFF);
            faults.add(end(text, place), "byte 0x" + hex + " is not UTF-8", "a scenario is text in UTF-8");
            return "";
        }
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return hasOnlyText(plain, place, faults) ? plain : "";
    }

    private static boolean hasOnlyText(String text, Place place, Faults faults) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed =
                    c >= ' ' && c != 0x7F && !(c > 0x7F && c < 0xA0 && c != 0x85) && c < 0xFFFE && c != 0xFEFF;
            if (!allowed && c != '\n' && c != '\r' && c != '\t') {
                String hex = String.format(Locale.ROOT, "U+%04X", (int) c);
                faults.add(end(text.substring(0, i), place), "character " + hex + " is not allowed in text", "");
                return false;
            }
        }
        return true;
    }

    /** The position just behind the text. */
    private static Origin end(String text, Place place) {
        int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
        int lineStart = text.lastIndexOf('\n') + 1;
        return Origin.in(place, line, 1 + text.codePointCount(lineStart, text.length()));
    }
}
