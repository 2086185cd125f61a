package hvsim.cpu.apic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.PhysicalMemory;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random sequences of steps on the virtual APIC against sets of vectors (SDM vol. 3, 29.1, 29.2, 29.6). */
class VirtualApicLawTest {
    private static final long PAGE = 0x7000;
    private static final long DESCRIPTOR = 0x9040;
    private static final int STEPS = 200_000;

    private final Random random = new Random(29_02);
    private final PhysicalMemory memory = new PhysicalMemory(1 << 20);
    private final Vmcs vmcs = new Vmcs();
    private final VirtualApic apic = new VirtualApic(memory, vmcs);

    // The oracle: what waits, what is in service, and the two priorities.
    private final BitSet requests = new BitSet();
    private final BitSet services = new BitSet();
    private int rvi;
    private int svi;
    private int task;
    private int priority;

    private void updatePriority() {
        priority = task >> 4 >= svi >> 4 ? task : svi & 0xF0;
    }

    private static int highest(BitSet set) {
        return Math.max(set.length() - 1, 0);
    }

    private void step() {
        switch (random.nextInt(6)) {
            case 0 -> {
                task = random.nextInt(256);
                apic.write(ApicRegister.TASK_PRIORITY, task);
                apic.virtualizeProcessorPriority();
                updatePriority();
            }
            case 1 -> {
                int vector = 16 + random.nextInt(240);
                apic.request(vector);
                requests.set(vector);
                rvi = Math.max(rvi, vector);
            }
            case 2 -> post();
            case 3 -> {
                services.clear(svi);
                int ended = svi;
                svi = highest(services);
                updatePriority();
                assertEquals(ended, apic.endInterrupt());
            }
            default -> deliverIfRecognized();
        }
    }

    private void post() {
        BitSet posted = new BitSet();
        for (int i = random.nextInt(4); i > 0; i--) {
            int vector = 16 + random.nextInt(240);
            posted.set(vector);
            long word = DESCRIPTOR + (vector >> 6 << 3);
            memory.write(word, memory.read(word) | 1L << vector);
        }
        memory.write(DESCRIPTOR + 32, 0x1234_0000_00F2_0003L);
        apic.takePosted();
        requests.or(posted);
        rvi = Math.max(rvi, highest(posted));
        assertEquals(0x1234_0000_00F2_0002L, memory.read(DESCRIPTOR + 32), "ON is clear, all else stays");
        assertEquals(0, memory.read(DESCRIPTOR) | memory.read(DESCRIPTOR + 8) | memory.read(DESCRIPTOR + 24));
    }

    private void deliverIfRecognized() {
        boolean window = random.nextInt(5) == 0;
        vmcs.set(VmxControl.INTERRUPT_WINDOW_EXITING, window);
        boolean recognized = !window && rvi >> 4 > priority >> 4;
        assertEquals(recognized, apic.evaluate());
        if (recognized) {
            assertEquals(rvi, apic.deliver());
            services.set(rvi);
            svi = rvi;
            priority = rvi & 0xF0;
            requests.clear(rvi);
            rvi = highest(requests);
        }
    }

    @Test
    void randomStepsKeepThePageAndTheStatusAsTheSetsSay() {
        vmcs.write(VmcsField.VIRTUAL_APIC_ADDRESS, PAGE);
        vmcs.write(VmcsField.POSTED_INTERRUPT_DESCRIPTOR_ADDRESS, DESCRIPTOR);
        for (int i = 0; i < STEPS; i++) {
            step();
            assertEquals(svi << 8 | rvi, vmcs.read(VmcsField.GUEST_INTERRUPT_STATUS));
            assertEquals(priority, apic.read(ApicRegister.PROCESSOR_PRIORITY));
            int vector = random.nextInt(256);
            int offset = vector / 32 * 16;
            assertEquals(requests.get(vector), (apic.read(0x200 + offset) >>> vector % 32 & 1) == 1);
            assertEquals(services.get(vector), (apic.read(0x100 + offset) >>> vector % 32 & 1) == 1);
        }
    }

    @Test
    void theEndOfAnInterruptExitsByTheBitOfItsVector() {
        VmcsField[] bitmaps = {
            VmcsField.EOI_EXIT_BITMAP0,
            VmcsField.EOI_EXIT_BITMAP1,
            VmcsField.EOI_EXIT_BITMAP2,
            VmcsField.EOI_EXIT_BITMAP3
        };
        for (VmcsField bitmap : bitmaps) {
            vmcs.write(bitmap, random.nextLong());
        }
        for (int vector = 0; vector < 256; vector++) {
            boolean bit = (vmcs.read(bitmaps[vector / 64]) >>> vector % 64 & 1) == 1;
            assertEquals(bit, apic.exitsAtEnd(vector));
        }
    }

    @Test
    void theThresholdIsComparedWithTheUpperHalfOfTheTaskPriority() {
        vmcs.write(VmcsField.VIRTUAL_APIC_ADDRESS, PAGE);
        for (int tpr = 0; tpr < 256; tpr++) {
            for (int threshold = 0; threshold < 16; threshold++) {
                apic.write(ApicRegister.TASK_PRIORITY, tpr);
                vmcs.write(VmcsField.TPR_THRESHOLD, threshold);
                assertEquals(tpr / 16 < threshold, apic.isBelowThreshold());
            }
        }
    }
}
