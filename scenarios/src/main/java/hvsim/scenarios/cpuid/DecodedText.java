package hvsim.scenarios.cpuid;

import hvsim.scenarios.cpuid.CpuidDump.Register;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines of {@code cpuid -1}: headings that name a leaf, fields below them. Puts the bits back into registers. */
final class DecodedText {
    /** A heading ends in its leaf: {@code (2):}, {@code (1/ecx):}, {@code (0x18/3):}. */
    private static final Pattern HEADING = Pattern.compile(".*\\(((?:0x)?[0-9a-f]+)(?:/(e[abcd]x|[0-9]+))?\\):");

    private static final Pattern NUMBER = Pattern.compile("(?:.*\\()?(0x[0-9a-fA-F]{1,8}|[0-9]{1,9})\\)?(?: .*)?");
    private static final Pattern DESCRIPTOR = Pattern.compile("0x([0-9a-f]{2}): .*");
    private static final int DESCRIPTORS = 2;

    /** Values that stand without their number: flags, kinds of TLB (leaf 18H) and of cores (leaf 1AH). */
    private static final Map<String, Integer> WORDS = Map.of(
            "false", 0,
            "true", 1,
            "data TLB", 1,
            "instruction TLB", 2,
            "unified TLB", 3,
            "load-only TLB", 4,
            "store-only TLB", 5,
            "Intel Atom", CpuidDump.ATOM,
            "Intel Core", CpuidDump.CORE);

    private final CpuidDump dump;
    private int leaf = -1;
    private int subleaf;
    private String register = "";
    private int descriptors;

    DecodedText(CpuidDump dump) {
        this.dump = dump;
    }

    /** @param line without blanks at its ends */
    void line(String line, int number) throws CpuidException {
        Matcher heading = HEADING.matcher(line);
        Matcher descriptor = DESCRIPTOR.matcher(line);
        int equals = line.indexOf('=');
        if (heading.matches()) {
            heading(heading, number);
        } else if (leaf == DESCRIPTORS && descriptor.matches()) {
            descriptor(Integer.parseInt(descriptor.group(1), 16));
        } else if (line.startsWith("vendor_id = ")) {
            vendor(line.substring(equals + 1).strip().replace("\"", ""), number);
        } else if (equals > 0) {
            field(line.substring(0, equals).strip(), line.substring(equals + 1).strip(), number);
        }
    }

    private void heading(Matcher heading, int number) throws CpuidException {
        String which = heading.group(2) == null ? "" : heading.group(2);
        leaf = number(heading.group(1), heading.group(), number);
        register = which.startsWith("e") ? which : "";
        subleaf = which.isEmpty() || which.startsWith("e") ? 0 : number(which, heading.group(), number);
    }

    /** Which byte it was is not told: each is the lowest of a subleaf, where it cannot be taken for something else. */
    private void descriptor(int value) {
        dump.put(DESCRIPTORS, descriptors++, Register.EBX, 0, value);
    }

    private void vendor(String name, int number) throws CpuidException {
        byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
        if (letters.length != 12) {
            throw new CpuidException(
                    number, "vendor_id '" + CpuidException.shortened(name) + "' has not twelve letters", "");
        }
        ByteBuffer bytes = ByteBuffer.wrap(letters).order(ByteOrder.LITTLE_ENDIAN);
        dump.put(0, 0, Register.EBX, 0, bytes.getInt());
        dump.put(0, 0, Register.EDX, 0, bytes.getInt());
        dump.put(0, 0, Register.ECX, 0, bytes.getInt());
    }

    private void field(String name, String value, int number) throws CpuidException {
        for (DecodedField known : DecodedField.ALL) {
            if (known.is(leaf, register, name)) {
                int bits = bits(value, name, number);
                if (known.width() < 32 && bits >>> known.width() != 0) {
                    throw new CpuidException(
                            number,
                            name + " = " + CpuidException.shortened(value) + " does not fit",
                            known.width() + " bits");
                }
                dump.put(leaf, subleaf, known.register(), known.lowBit(), bits);
            }
        }
    }

    private static int bits(String value, String name, int number) throws CpuidException {
        Integer word = WORDS.get(value);
        return word == null ? number(value, name, number) : word;
    }

    /** {@code 0x40 (64)}, {@code data TLB (1)} or {@code 4-way (4)}. */
    private static int number(String value, String name, int line) throws CpuidException {
        Matcher found = NUMBER.matcher(value);
        if (!found.matches()) {
            throw new CpuidException(
                    line,
                    CpuidException.shortened(name) + ": '" + CpuidException.shortened(value) + "' is no number",
                    "written like 0x40 (64)");
        }
        return found.group(1).startsWith("0x")
                ? Integer.parseUnsignedInt(found.group(1).substring(2), 16)
                : Integer.parseInt(found.group(1));
    }
}
