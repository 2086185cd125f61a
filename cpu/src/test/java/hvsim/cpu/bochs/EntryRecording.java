package hvsim.cpu.bochs;

import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.EntryContext;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxCapability;
import hvsim.cpu.vmx.VmxOperation;
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

    private static final long FEATURE_CONTROL = 5;
    private static final long MEMORY_BYTES = 64 << 20;

    private final Recording recording;
    private final VmxCapability capability;
    private final Map<Long, Long> memory = new LinkedHashMap<>();
    private final Map<String, Map<VmcsField, Long>> bases = new HashMap<>();
    private long current;
    private long vmxonRegion;

    private EntryRecording(Recording recording) {
        this.recording = recording;
        PagingCapability paging =
                new PagingCapability(recording.physicalAddressBits(), true, recording.msr(IA32_VMX_EPT_VPID_CAP));
        capability = new VmxCapability(paging, recording.msr(IA32_VMX_MISC));
    }

    static void forEach(Recording recording, Consumer<EntryCase> action) {
        new EntryRecording(recording).read(action, operation -> {});
    }

    static void forEachOperation(Recording recording, Consumer<OperationCase> action) {
        new EntryRecording(recording).read(entry -> {}, action);
    }

    private void read(Consumer<EntryCase> action, Consumer<OperationCase> operations) {
        String base = "";
        String[] open = {};
        for (String[] line : recording.lines()) {
            switch (line[0]) {
                case "m" -> memory.put(Recording.number(line[1]), Recording.number(line[2]));
                case "current" -> current = Recording.number(line[1]);
                case "vmxon" -> vmxonRegion = Recording.number(line[1]);
                case "base" -> {
                    base = line[1];
                    bases.put(base, new HashMap<>());
                }
                case "f" -> field(Objects.requireNonNull(bases.get(base)), line[1], line[2]);
                case "e", "o" -> open = line;
                case "=" -> {
                    if (open[0].equals("e")) {
                        action.accept(entry(open, outcome(line)));
                    } else {
                        operations.accept(OperationCase.of(open, vmxOperation(open[3]), line));
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

    /** VMX operation with the current VMCS in a state: none, clear or launched. */
    private VmxOperation vmxOperation(String state) {
        PhysicalMemory words = new PhysicalMemory(MEMORY_BYTES);
        memory.forEach((hpa, value) -> words.write(hpa, modelsRevision(value)));
        VmxOperation vmx = new VmxOperation(words, capability);
        Registers registers = new Registers();
        registers.cr4 |= Registers.CR4_VMXE;
        vmx.vmxon(vmxonRegion, registers, FEATURE_CONTROL);
        vmx.vmptrld(current);
        if (state.equals("launched")) {
            Objects.requireNonNull(bases.get("plain")).forEach((field, value) -> vmx.vmwrite(field.encoding(), value));
            if (!vmx.enter(true, true, false).succeeds()) {
                throw new IllegalStateException("the VMCS of the recording does not enter");
            }
            vmx.exit();
        }
        vmx.vmwrite(VmcsField.PIN_BASED_CONTROLS.encoding(), -1);
        if (state.equals("none")) {
            vmx.vmclear(current);
        }
        return vmx;
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
