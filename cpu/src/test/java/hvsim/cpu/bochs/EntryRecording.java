package hvsim.cpu.bochs;

import hvsim.cpu.vmx.EntryContext;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxCapability;
import hvsim.ept.PagingCapability;
import hvsim.ept.PhysicalMemory;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** The VM entries of a recording. */
final class EntryRecording {
    private static final int IA32_VMX_BASIC = 0x480;
    private static final int IA32_VMX_MISC = 0x485;
    private static final int IA32_VMX_EPT_VPID_CAP = 0x48C;

    private static final long MEMORY_BYTES = 64 << 20;

    private final Recording recording;
    private final VmxCapability capability;
    private final Map<Long, Long> memory = new LinkedHashMap<>();
    private final Map<String, Map<VmcsField, Long>> bases = new HashMap<>();
    private long current;

    private EntryRecording(Recording recording) {
        this.recording = recording;
        PagingCapability paging =
                new PagingCapability(recording.physicalAddressBits(), true, recording.msr(IA32_VMX_EPT_VPID_CAP));
        capability = new VmxCapability(paging, recording.msr(IA32_VMX_MISC));
    }

    static void forEach(Recording recording, Consumer<EntryCase> action) {
        new EntryRecording(recording).read(action);
    }

    private void read(Consumer<EntryCase> action) {
        String base = "";
        String[] entry = {};
        for (String[] line : recording.lines()) {
            switch (line[0]) {
                case "m" -> memory.put(Recording.number(line[1]), Recording.number(line[2]));
                case "current" -> current = Recording.number(line[1]);
                case "base" -> {
                    base = line[1];
                    bases.put(base, new HashMap<>());
                }
                case "f" -> field(Objects.requireNonNull(bases.get(base)), line[1], line[2]);
                case "e" -> entry = line;
                case "=" -> {
                    if (!line[1].equals("done") && !line[1].equals("fault")) {
                        action.accept(entry(entry, outcome(line)));
                    }
                }
                default -> {}
            }
        }
    }

    private static void field(Map<VmcsField, Long> fields, String encoding, String value) {
        VmcsField field = VmcsField.byEncoding((int) Recording.number(encoding)).orElseThrow();
        fields.put(field, Recording.number(value));
    }

    private EntryCase entry(String[] line, String outcome) {
        Map<VmcsField, Long> fields = new HashMap<>(Objects.requireNonNull(bases.get(line[1])));
        PhysicalMemory words = new PhysicalMemory(MEMORY_BYTES);
        memory.forEach((hpa, value) -> words.write(hpa, modelsRevision(value)));
        for (int i = 2; i < line.length; i++) {
            String[] change = line[i].split("=", 2);
            if (change[0].startsWith("@")) {
                words.write(Recording.number(change[0].substring(1)), Recording.number(change[1]));
            } else {
                field(fields, change[0], change[1]);
            }
        }
        Vmcs vmcs = new Vmcs();
        fields.forEach(vmcs::write);
        return new EntryCase(
                recording, String.join(" ", line), vmcs, new EntryContext(capability, words, current, true), outcome);
    }

    /** The first word of a region names the format of the recorded processor, which is not the model's. */
    private long modelsRevision(long word) {
        long recorded = recording.msr(IA32_VMX_BASIC) & Integer.MAX_VALUE;
        long difference = (word & Integer.MAX_VALUE) - recorded;
        boolean names = difference == 0 || difference == 1;
        return names ? word - recorded + VmxCapability.REVISION_ID : word;
    }

    private static String outcome(String[] line) {
        return switch (line[1]) {
            case "fail" -> "fail " + Recording.number(line[3]);
            case "refused" -> "refused " + Recording.number(line[2]) + " " + Recording.number(line[3]);
            default -> "entered";
        };
    }
}
