package hvsim.scenarios.cpuid;

import hvsim.scenarios.cpuid.CpuidDump.Register;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the first processor of a dump, line by line:
 *
 * <pre>
 *   CPU 0:
 *      0x00000004 0x00: eax=0x1c004121 ebx=0x01c0003f ecx=0x0000003f edx=0x00000000     cpuid -r
 *      L1 TLB/cache information: 4K pages &amp; L1 TLB (0x80000005/ebx):                 cpuid -1
 *         data # entries            = 0x40 (64)
 * </pre>
 */
final class CpuidReader {
    private static final Pattern CPU = Pattern.compile("CPU( [0-9]+)?:");
    private static final Pattern RAW = Pattern.compile("0x[0-9a-fA-F]+ +0x[0-9a-fA-F]+:.*");
    private static final Pattern REGISTERS = Pattern.compile("0x([0-9a-fA-F]{1,8}) +0x([0-9a-fA-F]{1,8}): +"
            + "eax=0x([0-9a-fA-F]{1,8}) +ebx=0x([0-9a-fA-F]{1,8}) +ecx=0x([0-9a-fA-F]{1,8}) +edx=0x([0-9a-fA-F]{1,8})");

    private final CpuidDump dump = new CpuidDump();
    private final DecodedText decoded = new DecodedText(dump);
    private int processors;

    private CpuidReader() {}

    /** @throws CpuidException if a line is damaged, or no line tells anything */
    static CpuidDump read(String text) throws CpuidException {
        CpuidReader reader = new CpuidReader();
        int number = 0;
        for (String line : text.split("\\R", -1)) {
            number++;
            reader.line(line.strip(), number);
        }
        if (reader.dump.isEmpty()) {
            throw new CpuidException(
                    1, "this is no output of cpuid", "expected the text of cpuid -1 or cpuid -r, or lines like them");
        }
        return reader.dump;
    }

    private void line(String line, int number) throws CpuidException {
        if (CPU.matcher(line).matches()) {
            processors++;
        } else if (processors > 1) {
            return; // the first stands for all
        } else if (RAW.matcher(line).matches()) {
            raw(line, number);
        } else {
            decoded.line(line, number);
        }
    }

    private void raw(String line, int number) throws CpuidException {
        Matcher found = REGISTERS.matcher(line);
        if (!found.matches()) {
            throw new CpuidException(
                    number,
                    "'" + CpuidException.shortened(line) + "' has not four registers of 32 bits",
                    "written like 0x00000004 0x00: eax=0x1c004121 ebx=0x01c0003f ecx=0x0000003f edx=0x00000000");
        }
        for (Register register : Register.values()) {
            int value = Integer.parseUnsignedInt(found.group(3 + register.ordinal()), 16);
            dump.put(hex(found.group(1)), hex(found.group(2)), register, 0, value);
        }
    }

    private static int hex(String digits) {
        return Integer.parseUnsignedInt(digits, 16);
    }
}
