package hvsim.scenarios.explain;

import hvsim.cpu.state.Registers;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Registers by the names of questions: whole ones such as {@code cr4}, and bits such as {@code cr4.umip}. */
final class RegisterSettings {
    private static final Map<String, Long> BITS = bits();

    private RegisterSettings() {}

    /** The bits that {@link Registers} names. */
    private static Map<String, Long> bits() {
        Map<String, Long> bits = new TreeMap<>();
        for (Field field : Registers.class.getFields()) {
            String name = field.getName().toLowerCase(Locale.ROOT).replaceFirst("_", ".");
            if (Modifier.isStatic(field.getModifiers()) && name.matches("(cr0|cr4|efer|rflags)\\..*")) {
                bits.put(name, read(field));
            }
        }
        bits.remove("rflags.iopl");
        return bits;
    }

    private static long read(Field field) {
        try {
            return field.getLong(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    static void apply(Setting setting, Registers r) {
        Long bit = BITS.get(setting.name());
        if (bit == null) {
            set(setting, r);
        } else {
            String whole = setting.name().substring(0, setting.name().indexOf('.'));
            long old = get(whole, r);
            set(new Setting(whole, Words.hex(setting.isOn() ? old | bit : old & ~bit)), r);
        }
    }

    private static long get(String register, Registers r) {
        return switch (register) {
            case "cr0" -> r.cr0;
            case "cr4" -> r.cr4;
            case "efer" -> r.efer;
            default -> r.rflags;
        };
    }

    private static void set(Setting setting, Registers r) {
        switch (setting.name()) {
            case "cr0" -> r.cr0 = setting.number();
            case "cr2" -> r.cr2 = setting.number();
            case "cr3" -> r.cr3 = setting.number();
            case "cr4" -> r.cr4 = setting.number();
            case "cr8" -> r.cr8 = setting.number();
            case "xcr0" -> r.xcr0 = setting.number();
            case "efer" -> r.efer = setting.number();
            case "rflags" -> r.rflags = setting.number();
            case "iopl" -> r.rflags = r.rflags & ~Registers.RFLAGS_IOPL | (setting.number() & 3) << 12;
            case "rax" -> r.rax = setting.number();
            case "rcx" -> r.rcx = setting.number();
            case "rdx" -> r.rdx = setting.number();
            case "dr7" -> r.dr7 = setting.number();
            case "pkru" -> r.pkru = (int) setting.number();
            case "cs.l" -> r.codeIs64Bit = setting.isOn();
            default ->
                throw new QuestionException(
                        "there is no register '" + setting.name() + "'",
                        "choices: cr0, cr2, cr3, cr4, cr8, xcr0, efer, rflags, iopl, rax, rcx, rdx, dr7, pkru, cs.l, "
                                + String.join(", ", BITS.keySet()));
        }
    }
}
