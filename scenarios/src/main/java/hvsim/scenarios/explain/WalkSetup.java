package hvsim.scenarios.explain;

import hvsim.cpu.state.Registers;
import hvsim.ept.GuestPaging;
import hvsim.ept.PagingMode;
import hvsim.tlb.AccessKind;
import hvsim.tlb.PageSize;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A walk that is asked about.
 *
 * @param guestPage leaf of the guest's (or native) tables
 * @param hostPage leaf of the second stage
 * @param cached structures that remember an earlier walk to the same page: pml4e, pdpte, pde, nested_tlb
 * @param nested whether there is a second stage
 * @param gva the linear address; null for that of the example
 * @param access fetch, read, write or modify
 * @param cpl 0 to 3
 * @param registers what is otherwise than a 64-bit kernel has it
 * @param entries by name: {@code pde}, {@code ept.pde} for the path of the final address, {@code pde.ept.pte} for the
 *     path to the table with the guest's PDE
 * @param second what is on and off in the second stage
 */
public record WalkSetup(
        PageSize guestPage,
        PageSize hostPage,
        Set<String> cached,
        boolean nested,
        String gva,
        String access,
        int cpl,
        List<String> registers,
        List<String> entries,
        List<String> second,
        int eptLevels,
        int physicalAddressBits) {
    static final List<String> LEVELS = List.of("", "pte", "pde", "pdpte", "pml4e", "pml5e");

    private static final long PLAIN_GVA = 0x7F12_3456_7000L;
    private static final long PLAIN_SHORT_GVA = 0x1234_7000L;
    private static final List<String> ACCESSES = List.of("fetch", "read", "write", "modify");
    private static final List<String> SECOND_STAGE = List.of(
            "accessed_dirty",
            "mode_based_execute",
            "execute_only",
            "pages_2m",
            "pages_1g",
            "advanced_information",
            "guest_pages_1g");

    public WalkSetup {
        cached = Set.copyOf(cached);
        registers = List.copyOf(registers);
        entries = List.copyOf(entries);
        second = List.copyOf(second);
        if (!ACCESSES.contains(access)) {
            throw new QuestionException(
                    "--access: there is no access '" + access + "'", "choices: " + String.join(", ", ACCESSES));
        }
        if (cpl < 0 || cpl > 3) {
            throw new QuestionException("--cpl: there is no privilege level " + cpl, "choices: 0, 1, 2, 3");
        }
        if (eptLevels != 4 && eptLevels != 5) {
            throw new QuestionException("--ept-levels: not " + eptLevels, "choices: 4, 5");
        }
        if (physicalAddressBits < 36 || physicalAddressBits > 46) {
            throw new QuestionException(
                    "--physical-address-bits: not " + physicalAddressBits, "36 to 46 are possible here");
        }
    }

    /** Whether the walk is the plain one, whose references are counted by a formula. */
    boolean isPlain() {
        return entries.isEmpty() && registers.isEmpty() && second.isEmpty() && gva.isEmpty();
    }

    int accessKind() {
        return switch (access) {
            case "fetch" -> AccessKind.FETCH;
            case "write" -> AccessKind.WRITE;
            case "modify" -> AccessKind.MODIFY;
            default -> AccessKind.READ;
        };
    }

    Registers machineRegisters() {
        Registers r = new Registers();
        r.cr4 |= Registers.CR4_PSE;
        registers.forEach(text -> RegisterSettings.apply(Setting.of(text), r));
        return r;
    }

    long address(PagingMode mode) {
        if (gva.isEmpty()) {
            return mode.isLong() ? PLAIN_GVA : PLAIN_SHORT_GVA;
        }
        return Setting.number(gva, "--gva");
    }

    GuestPaging paging() {
        Registers r = machineRegisters();
        return GuestPaging.of(r.cr0, r.cr4, r.efer);
    }

    /** Whether a switch of the second stage is on; {@code plain} where nothing is said. */
    boolean has(String name, boolean plain) {
        boolean on = plain;
        for (String text : second) {
            Setting setting = Setting.of(text);
            if (!SECOND_STAGE.contains(setting.name())) {
                throw new QuestionException(
                        "--ept: there is no '" + setting.name() + "'", "choices: " + String.join(", ", SECOND_STAGE));
            }
            on = setting.name().equals(name) ? setting.isOn() : on;
        }
        return on;
    }

    /** The entries that are given, by name. */
    Map<String, Long> given() {
        Map<String, Long> given = new LinkedHashMap<>();
        for (String text : entries) {
            Setting setting = Setting.of(text);
            if (!names().contains(setting.name())) {
                throw new QuestionException(
                        "--entry: there is no entry '" + setting.name() + "'",
                        "choices: pte, pde, pdpte, pml4e, pml5e of the guest; ept.pte and so on for the final address;"
                                + " pde.ept.pte and so on for the table with the guest's PDE");
            }
            given.put(setting.name(), setting.number());
        }
        return given;
    }

    private static List<String> names() {
        List<String> levels = LEVELS.subList(1, LEVELS.size());
        List<String> names = new ArrayList<>(levels);
        Stream.concat(Stream.of(""), levels.stream().map(level -> level + "."))
                .forEach(path -> levels.forEach(level -> names.add(path + "ept." + level)));
        return names;
    }
}
