package hvsim.cpu.bochs;

import hvsim.cpu.instruction.Processor;
import hvsim.cpu.instruction.SelectorOperand;
import hvsim.cpu.state.Msrs;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.ept.PhysicalMemory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;

/** State before an instruction, as recorded: lines by their first letter. */
final class InstructionInputs {
    private static final List<String> REGISTERS = List.of("rax", "rcx", "rdx", "rbx", "rsp", "rsi", "rdi", "r8", "r11");
    private static final Map<Integer, String> NUMBERED = Map.of(0, "rax", 7, "rdi");
    private static final VmcsField[] CONTROLS = {
        VmcsField.PRIMARY_CONTROLS,
        VmcsField.SECONDARY_CONTROLS,
        VmcsField.EXCEPTION_BITMAP,
        VmcsField.PAGE_FAULT_ERROR_CODE_MASK,
        VmcsField.PAGE_FAULT_ERROR_CODE_MATCH,
        VmcsField.CR0_GUEST_HOST_MASK,
        VmcsField.CR0_READ_SHADOW,
        VmcsField.CR4_GUEST_HOST_MASK,
        VmcsField.CR4_READ_SHADOW,
        VmcsField.VM_FUNCTION_CONTROLS,
        VmcsField.TPR_THRESHOLD,
        VmcsField.CR3_TARGET_VALUE0,
        VmcsField.CR3_TARGET_VALUE1,
        VmcsField.CR3_TARGET_VALUE2,
        VmcsField.CR3_TARGET_VALUE3
    };
    private static final int CR4_MASK = 7;
    private static final int FIRST_TARGET = 11;
    private static final long EFER = 0xD01;

    // Where the model's processor finds what the VMCS points to.
    private static final long IO_BITMAPS = 0x1_0000;
    private static final long MSR_BITMAP = 0x1_2000;
    private static final long VMREAD_BITMAP = 0x1_3000;
    private static final long VMWRITE_BITMAP = 0x1_4000;
    private static final long EPTP_LIST = 0x1_5000;
    private static final long MEMORY_BYTES = 1 << 20;
    private static final int WRITE_HALF = 2048;

    private final Map<String, long[]> lines = new HashMap<>();
    private final Map<Long, Long> descriptors;

    /** @param descriptors by selector: the guest's descriptor table */
    InstructionInputs(Map<Long, Long> descriptors) {
        this.descriptors = descriptors;
    }

    void add(String[] line) {
        lines.put(
                line[0],
                Arrays.stream(line).skip(1).mapToLong(Recording::number).toArray());
    }

    private long[] line(String letter) {
        return Objects.requireNonNull(lines.get(letter), letter);
    }

    long register(String name) {
        return line("r")[REGISTERS.indexOf(name)];
    }

    long byNumber(int register) {
        return register(Objects.requireNonNull(NUMBERED.get(register)));
    }

    /** 0 I/O bitmap, 1 task's I/O bitmap, 2 and 3 MSR read and write, 4 and 5 VMREAD and VMWRITE, 6 VTPR. */
    long bits(int which) {
        return line("b")[which];
    }

    /** The eight bytes at that offset from RDI; 0 where they were not recorded. */
    long memory(long offset) {
        long[] words = lines.getOrDefault("m", new long[0]);
        int bit = (int) (offset + 16) * 8;
        int i = bit / 64;
        if (offset < -16 || i >= words.length) {
            return 0;
        }
        int shift = bit % 64;
        long high = shift == 0 || i + 1 >= words.length ? 0 : words[i + 1] << 64 - shift;
        return words[i] >>> shift | high;
    }

    long stack(int word) {
        return line("k")[word];
    }

    /** A selector that a segment register is loaded with, with what matters of its descriptor, packed. */
    int selector(int selector, int register) {
        return selector(selector, register, type -> (type & 0x18) == 0x10 || (type & 0x1A) == 0x1A);
    }

    /** @param suits whether a descriptor's type, with bit S above it, is one that the instruction takes */
    int selector(int selector, int register, IntPredicate suits) {
        long descriptor = (selector & 4) != 0 ? 0 : descriptors.getOrDefault((long) selector & ~7L, 0L);
        int type = (int) (descriptor >>> 40) & 0x1F;
        int dpl = (int) (descriptor >>> 45) & 3;
        boolean present = (descriptor >>> 47 & 1) != 0;
        boolean conforming = (type & 0x1C) == 0x1C;
        return new SelectorOperand(selector, dpl, !present || !suits.test(type), conforming, false, register).pack();
    }

    /** CR4 guest/host mask. */
    long control4Mask() {
        return line("v")[CR4_MASK];
    }

    Registers registers() {
        Registers r = new Registers();
        r.cr0 = line("s")[0];
        r.cr3 = line("s")[1];
        r.cr4 = line("s")[2];
        r.rflags = line("s")[3];
        r.efer = EFER;
        r.rax = register("rax");
        r.rcx = register("rcx");
        r.rdx = register("rdx");
        return r;
    }

    /** The processor that executes it; {@code portOrMsr} tells whose bits of the bitmaps are known. */
    Processor processor(int cpl, int portOrMsr) {
        PhysicalMemory memory = new PhysicalMemory(MEMORY_BYTES);
        Vmcs vmcs = new Vmcs();
        long[] controls = line("v");
        for (int i = 0; i < controls.length; i++) {
            vmcs.write(CONTROLS[i], controls[i]);
        }
        vmcs.write(VmcsField.CR3_TARGET_COUNT, controls.length - FIRST_TARGET);
        vmcs.write(VmcsField.IO_BITMAP_A, IO_BITMAPS);
        vmcs.write(VmcsField.IO_BITMAP_B, IO_BITMAPS + 4096);
        vmcs.write(VmcsField.MSR_BITMAP, MSR_BITMAP);
        vmcs.write(VmcsField.VMREAD_BITMAP, VMREAD_BITMAP);
        vmcs.write(VmcsField.VMWRITE_BITMAP, VMWRITE_BITMAP);
        vmcs.write(VmcsField.EPTP_LIST_ADDRESS, EPTP_LIST);
        memory.write(EPTP_LIST, 0x1E);
        memory.write(EPTP_LIST + 8, 0x11E);
        for (int i = 0; i < 4; i++) {
            setBit(memory, IO_BITMAPS, portOrMsr + i & 0xFFFF, bits(0) >>> i & 1);
        }
        int msr = (portOrMsr & 0x1FFF) + (portOrMsr < 0 ? 0x2000 : 0);
        setBit(memory, MSR_BITMAP, msr, bits(2));
        setBit(memory, MSR_BITMAP + WRITE_HALF, msr, bits(3));
        int field = (int) register("rbx") & 0x7FFF;
        setBit(memory, VMREAD_BITMAP, field, bits(4));
        setBit(memory, VMWRITE_BITMAP, field, bits(5));
        Msrs msrs = new Msrs();
        msrs.write(0x174, 8);
        return new Processor(Processor.Mode.NON_ROOT, cpl, registers(), msrs, vmcs, memory);
    }

    private static void setBit(PhysicalMemory memory, long bitmap, int number, long bit) {
        long word = bitmap + (number >>> 6 << 3);
        memory.write(word, memory.read(word) & ~(1L << number) | bit << number);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        lines.forEach((letter, values) -> text.append(letter)
                .append(Arrays.stream(values).mapToObj(Long::toHexString).toList())
                .append(' '));
        return text.toString();
    }
}
