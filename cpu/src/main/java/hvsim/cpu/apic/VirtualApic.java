package hvsim.cpu.apic;

import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.PhysicalMemory;

/**
 * The interrupts of a guest whose local APIC the processor keeps: the virtual-APIC page in memory, and the guest
 * interrupt status in the VMCS. Each method is one step of the manual.
 *
 * <pre>
 *  guest interrupt status    15..8 SVI in service   7..0 RVI requested: the highest vector of each
 *  VISR, VIRR                one bit a vector, 32 of them at every 16 bytes
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 29.1, 29.2, 29.6.
 */
public final class VirtualApic {
    private static final int NONE = 0;
    private static final int PRIORITY_CLASS = 0xF0;
    private static final int WORDS = 8;
    private static final int WORD_STEP = 16;
    private static final int SERVICE_SHIFT = 8;

    private final PhysicalMemory memory;
    private final Vmcs vmcs;

    public VirtualApic(PhysicalMemory memory, Vmcs vmcs) {
        this.memory = memory;
        this.vmcs = vmcs;
    }

    /** The 32 bits at a byte offset that is a multiple of 4. */
    public int read(int offset) {
        long hpa = page() + offset;
        return (int) (memory.read(hpa & -Long.BYTES) >>> shift(hpa));
    }

    public void write(int offset, int value) {
        long hpa = page() + offset;
        long others = memory.read(hpa & -Long.BYTES) & ~(0xFFFF_FFFFL << shift(hpa));
        memory.write(hpa & -Long.BYTES, others | (value & 0xFFFF_FFFFL) << shift(hpa));
    }

    private long page() {
        return vmcs.read(VmcsField.VIRTUAL_APIC_ADDRESS);
    }

    private static int shift(long hpa) {
        return (int) (hpa & Integer.BYTES) * Byte.SIZE;
    }

    public int read(ApicRegister register) {
        return read(register.offset());
    }

    public void write(ApicRegister register, int value) {
        write(register.offset(), value);
    }

    /** Highest requested vector; 0 if there is none. */
    public int requested() {
        return (int) vmcs.read(VmcsField.GUEST_INTERRUPT_STATUS) & 0xFF;
    }

    /** Highest vector in service; 0 if there is none. */
    public int inService() {
        return (int) vmcs.read(VmcsField.GUEST_INTERRUPT_STATUS) >>> SERVICE_SHIFT;
    }

    private void setStatus(int inService, int requested) {
        vmcs.write(VmcsField.GUEST_INTERRUPT_STATUS, (long) inService << SERVICE_SHIFT | requested);
    }

    /** Whether the task priority is below the threshold (29.1.2). */
    public boolean isBelowThreshold() {
        int priority = read(ApicRegister.TASK_PRIORITY) >>> 4 & 0xF;
        return priority < (vmcs.read(VmcsField.TPR_THRESHOLD) & 0xF);
    }

    /** PPR virtualization (29.1.3). */
    public void virtualizeProcessorPriority() {
        int task = read(ApicRegister.TASK_PRIORITY) & 0xFF;
        int service = inService() & PRIORITY_CLASS;
        write(ApicRegister.PROCESSOR_PRIORITY, (task & PRIORITY_CLASS) >= service ? task : service);
    }

    /** Evaluation of pending virtual interrupts: whether there is one to be delivered (29.2.1). */
    public boolean evaluate() {
        int priority = read(ApicRegister.PROCESSOR_PRIORITY) & PRIORITY_CLASS;
        return !vmcs.has(VmxControl.INTERRUPT_WINDOW_EXITING) && (requested() & PRIORITY_CLASS) > priority;
    }

    /** Virtual-interrupt delivery (29.2.2): the requested vector gets into service. Returns it. */
    public int deliver() {
        int vector = requested();
        set(ApicRegister.IN_SERVICE, vector, true);
        write(ApicRegister.PROCESSOR_PRIORITY, vector & PRIORITY_CLASS);
        set(ApicRegister.INTERRUPT_REQUEST, vector, false);
        setStatus(vector, highest(ApicRegister.INTERRUPT_REQUEST));
        return vector;
    }

    /** EOI virtualization (29.1.4) up to the question whether it exits. Returns the vector that was in service. */
    public int endInterrupt() {
        int vector = inService();
        set(ApicRegister.IN_SERVICE, vector, false);
        setStatus(highest(ApicRegister.IN_SERVICE), requested());
        virtualizeProcessorPriority();
        return vector;
    }

    /** Whether the end of an interrupt of that vector exits. */
    public boolean exitsAtEnd(int vector) {
        VmcsField bitmap = switch (vector >>> 6) {
            case 0 -> VmcsField.EOI_EXIT_BITMAP0;
            case 1 -> VmcsField.EOI_EXIT_BITMAP1;
            case 2 -> VmcsField.EOI_EXIT_BITMAP2;
            default -> VmcsField.EOI_EXIT_BITMAP3;
        };
        return (vmcs.read(bitmap) >>> vector & 1) != 0;
    }

    /** Self-IPI virtualization (29.1.5), and what any other sender of an interrupt does. */
    public void request(int vector) {
        set(ApicRegister.INTERRUPT_REQUEST, vector, true);
        setStatus(inService(), Math.max(requested(), vector));
    }

    /** Posted-interrupt processing (29.6): requests what was posted in the descriptor. */
    public void takePosted() {
        new PostedInterrupts(memory, vmcs.read(VmcsField.POSTED_INTERRUPT_DESCRIPTOR_ADDRESS)).takeInto(this);
    }

    private void set(ApicRegister first, int vector, boolean on) {
        int offset = first.offset() + (vector >>> 5) * WORD_STEP;
        int bit = 1 << vector;
        write(offset, on ? read(offset) | bit : read(offset) & ~bit);
    }

    private int highest(ApicRegister first) {
        for (int i = WORDS - 1; i >= 0; i--) {
            int word = read(first.offset() + i * WORD_STEP);
            if (word != 0) {
                return i << 5 | 31 - Integer.numberOfLeadingZeros(word);
            }
        }
        return NONE;
    }
}
