package hvsim.cpu.vmx;

import hvsim.ept.PhysicalMemory;
import java.util.Map;

/**
 * The oracle: VM-entry checks one after the other, over field encodings, in the order of the manual's text (SDM vol. 3,
 * 26.2 to 26.4). Nothing is shared with the model but the fields' values.
 */
final class NaiveEntryChecks {
    private static final int WIDTH = 46;
    private static final int EXCEPTION = 3;

    private final Map<Integer, Long> f;
    private final PhysicalMemory memory;
    private final long current;

    private NaiveEntryChecks(Map<Integer, Long> fields, PhysicalMemory memory, long current) {
        this.f = fields;
        this.memory = memory;
        this.current = current;
    }

    /** "ok", or error or reason and qualification. */
    static String outcome(Map<Integer, Long> fields, PhysicalMemory memory, long current, boolean ia32e) {
        NaiveEntryChecks c = new NaiveEntryChecks(fields, memory, current);
        if (c.controlsAreBad() || c.injectionIsBad()) {
            return "VMfail 7";
        }
        if (c.hostIsBad(ia32e)) {
            return "VMfail 8";
        }
        if (c.registersAreBad() || c.segmentsAreBad() || c.activityIsBad()) {
            return "33 0";
        }
        if (c.injected(2) && c.bit(0x4824, 0)) {
            return "33 3";
        }
        if (c.linkIsBad()) {
            return "33 4";
        }
        if (c.pdptesAreBad()) {
            return "33 2";
        }
        if (c.v(0x4014) > 512) {
            return "41 0";
        }
        for (int i = 0; i < c.v(0x4014); i++) {
            if (c.msrIsBad(c.v(0x200A) + 16L * i)) {
                return "34 " + (i + 1);
            }
        }
        return "ok";
    }

    private long v(int encoding) {
        return f.getOrDefault(encoding, 0L);
    }

    private boolean bit(int encoding, int n) {
        return (v(encoding) >>> n & 1) != 0;
    }

    private boolean pin(int n) {
        return bit(0x4000, n);
    }

    private boolean primary(int n) {
        return bit(0x4002, n);
    }

    private boolean secondary(int n) {
        return primary(31) && bit(0x401E, n);
    }

    private boolean function(int n) {
        return secondary(13) && bit(0x2018, n);
    }

    private boolean setting(int encoding, long must, long may) {
        return (v(encoding) & must) != must || (v(encoding) & ~may) != 0;
    }

    private static boolean wide(long address) {
        return address >>> WIDTH != 0;
    }

    private boolean noPage(int encoding) {
        return v(encoding) % 4096 != 0 || wide(v(encoding));
    }

    private static boolean odd(long address) {
        long top = address >> 56;
        return top != 0 && top != -1;
    }

    private boolean list(int address, int count) {
        long n = v(count);
        return n != 0 && (v(address) % 16 != 0 || wide(v(address)) || wide(v(address) + 16 * n - 1));
    }

    private boolean controlsAreBad() {
        boolean tpr = primary(21);
        boolean vid = secondary(9);
        boolean ept = secondary(1);
        boolean words = setting(0x4000, 0x16, 0xFF)
                || setting(0x4002, 0x0400_6172, 0xFFFB_FFFEL)
                || primary(31) && setting(0x401E, 0, 0x06D7_7FFF)
                || primary(17) && setting(0x2034, 0, 0x10)
                || setting(0x400C, 0x3_6DFB, 0xFF_FFFF)
                || setting(0x4012, 0x11FB, 0x1_F3FF)
                || secondary(13) && setting(0x2018, 0, 1);
        boolean pages = primary(25) && (noPage(0x2000) || noPage(0x2002))
                || primary(28) && noPage(0x2004)
                || tpr && noPage(0x2012)
                || secondary(0) && noPage(0x2014)
                || secondary(17) && noPage(0x200E)
                || function(0) && noPage(0x2024)
                || secondary(14) && (noPage(0x2026) || noPage(0x2028))
                || secondary(18) && noPage(0x202A)
                || secondary(23) && noPage(0x2030);
        if (words || pages) {
            return true;
        }
        boolean apic = tpr && !vid && v(0x401C) > 15
                || tpr && !vid && !secondary(0) && (v(0x401C) & 15) > (memory.read(v(0x2012) + 0x80) >>> 4 & 15)
                || !tpr && (secondary(4) || secondary(8) || vid)
                || secondary(4) && secondary(0)
                || vid && !pin(0);
        boolean posted = pin(7) && (!vid || !bit(0x400C, 15) || v(2) > 255 || v(0x2016) % 64 != 0 || wide(v(0x2016)));
        boolean ipi = primary(17)
                && bit(0x2034, 4)
                && (!tpr || v(0x2042) % 8 != 0 || wide(v(0x2042)) || wide(v(0x2042) + 8 * v(8)));
        boolean nmi = pin(5) && !pin(3) || primary(22) && !pin(5);
        boolean needEpt = !ept && (secondary(7) || secondary(17) || secondary(22) || secondary(23) || function(0));
        boolean lists = list(0x2006, 0x400E) || list(0x2008, 0x4010) || list(0x200A, 0x4014);
        return v(0x400A) > 4
                || apic
                || posted
                || ipi
                || nmi
                || secondary(5) && v(0) == 0
                || ept && eptpIsBad(v(0x201A))
                || needEpt
                || secondary(25) && v(0x2032) == 0
                || bit(0x400C, 22) && !pin(6)
                || lists;
    }

    private static boolean eptpIsBad(long eptp) {
        long type = eptp & 7;
        long length = eptp >>> 3 & 7;
        return type != 0 && type != 6 || length != 3 && length != 4 || (eptp & 0xF80) != 0 || wide(eptp);
    }

    private boolean injects() {
        return bit(0x4016, 31);
    }

    private long type() {
        return v(0x4016) >>> 8 & 7;
    }

    private long vector() {
        return v(0x4016) & 0xFF;
    }

    private boolean injected(int type) {
        return injects() && type() == type;
    }

    private boolean injectionIsBad() {
        if (!injects()) {
            return false;
        }
        long n = vector();
        boolean code =
                type() == EXCEPTION && (n == 8 || n >= 10 && n <= 14 || n == 17) && (!secondary(7) || bit(0x6800, 0));
        boolean delivers = bit(0x4016, 11);
        return type() == 1
                || type() == 2 && n != 2
                || type() == EXCEPTION && n > 31
                || type() == 7 && n != 0
                || code != delivers
                || (v(0x4016) >>> 12 & 0x7FFFF) != 0
                || delivers && v(0x4018) >>> 15 != 0
                || type() >= 4 && type() <= 6 && v(0x401A) > 15;
    }

    private boolean patIsBad(int encoding) {
        for (int i = 0; i < 8; i++) {
            long t = v(encoding) >>> 8 * i & 0xFF;
            if (t > 7 || t == 2 || t == 3) {
                return true;
            }
        }
        return false;
    }

    private static boolean cr4IsBad(long cr4) {
        return (cr4 & 0x2000) == 0 || (cr4 & ~0x77_7FFFL) != 0;
    }

    private boolean hostIsBad(boolean ia32e) {
        boolean wideHost = bit(0x400C, 9);
        boolean selectors = false;
        for (int selector = 0xC00; selector <= 0xC0C; selector += 2) {
            selectors |= v(selector) % 8 != 0;
        }
        boolean bases = false;
        for (int base = 0x6C06; base <= 0x6C12; base += 2) {
            bases |= odd(v(base));
        }
        boolean efer = bit(0x400C, 21)
                && ((v(0x2C02) & ~0xD01L) != 0 || bit(0x2C02, 10) != wideHost || bit(0x2C02, 8) != wideHost);
        return (v(0x6C00) & 0x8000_0021L) != 0x8000_0021L
                || v(0x6C00) >>> 32 != 0
                || cr4IsBad(v(0x6C04))
                || wide(v(0x6C02))
                || bit(0x400C, 12) && (v(0x2C04) & ~0x7_0000_000FL) != 0
                || bit(0x400C, 19) && patIsBad(0x2C00)
                || efer
                || selectors
                || v(0xC02) == 0
                || v(0xC0C) == 0
                || !wideHost && v(0xC04) == 0
                || bases
                || ia32e != wideHost
                || bit(0x4012, 9) && !(ia32e && wideHost)
                || !wideHost && (bit(0x6C04, 17) || v(0x6C16) >>> 32 != 0)
                || wideHost && (!bit(0x6C04, 5) || odd(v(0x6C16)));
    }

    private boolean ia32eGuest() {
        return bit(0x4012, 9);
    }

    private boolean unrestricted() {
        return secondary(7);
    }

    private boolean registersAreBad() {
        boolean pg = bit(0x6800, 31);
        boolean pe = bit(0x6800, 0);
        boolean cr0 = v(0x6800) >>> 32 != 0 || !bit(0x6800, 5) || !unrestricted() && !(pg && pe) || pg && !pe;
        boolean paging = ia32eGuest() ? !pg || !bit(0x6804, 5) : bit(0x6804, 17);
        boolean debug = bit(0x4012, 2) && ((v(0x2802) & ~0xFFC3L) != 0 || v(0x681A) >>> 32 != 0);
        boolean efer = bit(0x4012, 15)
                && ((v(0x2806) & ~0xD01L) != 0
                        || bit(0x2806, 10) != ia32eGuest()
                        || pg && bit(0x2806, 10) != bit(0x2806, 8));
        return cr0
                || cr4IsBad(v(0x6804))
                || paging
                || wide(v(0x6802))
                || debug
                || odd(v(0x6824))
                || odd(v(0x6826))
                || bit(0x4012, 13) && (v(0x2808) & ~0x7_0000_000FL) != 0
                || bit(0x4012, 14) && patIsBad(0x2804)
                || efer
                || bit(0x4012, 16) && ((v(0x2812) & 0xFFC) != 0 || odd(v(0x2812)))
                || odd(v(0x6816))
                || odd(v(0x6818))
                || v(0x4810) >>> 16 != 0
                || v(0x4812) >>> 16 != 0;
    }

    // Segments in the order of their encodings: ES, CS, SS, DS, FS, GS, LDTR, TR.

    private long selector(int i) {
        return v(0x800 + 2 * i);
    }

    private long limit(int i) {
        return v(0x4800 + 2 * i);
    }

    private long rights(int i) {
        return v(0x4814 + 2 * i);
    }

    private long base(int i) {
        return v(0x6806 + 2 * i);
    }

    private boolean usable(int i) {
        return (rights(i) >>> 16 & 1) == 0;
    }

    private long dpl(int i) {
        return rights(i) >>> 5 & 3;
    }

    private long kind(int i) {
        return rights(i) & 15;
    }

    private boolean attributesAreBad(int i, boolean system) {
        boolean g = (rights(i) >>> 15 & 1) != 0;
        boolean s = (rights(i) >>> 4 & 1) != 0;
        return s == system
                || (rights(i) >>> 7 & 1) == 0
                || (rights(i) >>> 8 & 15) != 0
                || rights(i) >>> 17 != 0
                || g && (limit(i) & 0xFFF) != 0xFFF
                || !g && (limit(i) >>> 20) != 0;
    }

    private boolean segmentsAreBad() {
        boolean bases =
                odd(base(7)) || odd(base(4)) || odd(base(5)) || usable(6) && odd(base(6)) || base(1) >>> 32 != 0;
        for (int i : new int[] {0, 2, 3}) {
            bases |= usable(i) && base(i) >>> 32 != 0;
        }
        boolean tr = (selector(7) & 4) != 0
                || !usable(7)
                || kind(7) != 11 && (ia32eGuest() || kind(7) != 3)
                || attributesAreBad(7, true);
        boolean ldtr = usable(6) && ((selector(6) & 4) != 0 || kind(6) != 2 || attributesAreBad(6, true));
        return bases || tr || ldtr || (bit(0x6820, 17) ? virtual8086IsBad() : codeAndDataAreBad());
    }

    private boolean virtual8086IsBad() {
        boolean bad = false;
        for (int i = 0; i < 6; i++) {
            bad |= base(i) != selector(i) * 16 || limit(i) != 0xFFFF || rights(i) != 0xF3;
        }
        return bad;
    }

    private boolean codeAndDataAreBad() {
        boolean free = unrestricted();
        long cs = kind(1);
        boolean code = switch ((int) cs) {
            case 3 -> !free || dpl(1) != 0;
            case 9, 11 -> dpl(1) != dpl(2);
            case 13, 15 -> dpl(1) > dpl(2);
            default -> true;
        };
        boolean stack = usable(2) && (kind(2) != 3 && kind(2) != 7 || attributesAreBad(2, false))
                || !free && ((selector(2) & 3) != (selector(1) & 3) || dpl(2) != (selector(2) & 3))
                || (cs == 3 || !bit(0x6800, 0)) && dpl(2) != 0;
        boolean data = false;
        for (int i : new int[] {0, 3, 4, 5}) {
            boolean type = (kind(i) & 1) == 0 || kind(i) >= 8 && (kind(i) & 2) == 0;
            boolean privilege = !free && kind(i) < 12 && dpl(i) < (selector(i) & 3);
            data |= usable(i) && (type || privilege || attributesAreBad(i, false));
        }
        boolean longAndBig = ia32eGuest() && (rights(1) >>> 13 & 3) == 3;
        return code || stack || data || attributesAreBad(1, false) || longAndBig;
    }

    private boolean activityIsBad() {
        boolean in64 = ia32eGuest() && (rights(1) >>> 13 & 1) != 0;
        boolean rip = in64 ? odd(v(0x681E)) : v(0x681E) >>> 32 != 0;
        long flags = v(0x6820);
        boolean rflags = (flags & ~0x3F_7FD7L) != 0
                || (flags & 2) == 0
                || bit(0x6820, 17) && (ia32eGuest() || !bit(0x6800, 0))
                || injected(0) && !bit(0x6820, 9);
        long state = v(0x4826);
        boolean sti = bit(0x4824, 0);
        boolean movSs = bit(0x4824, 1);
        boolean mc = injected(EXCEPTION) && vector() == 18;
        boolean db = injected(EXCEPTION) && vector() == 1;
        boolean activity = state > 3
                || state == 1 && dpl(2) != 0
                || state != 0 && (sti || movSs)
                || injects() && state == 1 && !(injected(0) || injected(2) || mc || db || injected(7))
                || injects() && state == 2 && !(injected(2) || mc)
                || injects() && state == 3;
        boolean blocking = v(0x4824) >>> 4 != 0
                || sti && movSs
                || sti && !bit(0x6820, 9)
                || injected(0) && (sti || movSs)
                || injected(2) && movSs
                || bit(0x4824, 2)
                || pin(5) && injected(2) && bit(0x4824, 3);
        boolean step = bit(0x6820, 8) && !bit(0x2802, 1);
        boolean pending = (v(0x6822) & ~0x500FL) != 0 || (sti || movSs || state == 1) && bit(0x6822, 14) != step;
        return rip || rflags || activity || blocking || pending;
    }

    private boolean linkIsBad() {
        long link = v(0x2800);
        if (link == -1) {
            return false;
        }
        return link % 4096 != 0
                || wide(link)
                || (memory.read(link) & 0x7FFF_FFFF) != 1
                || (memory.read(link) >>> 31 & 1) != (secondary(14) ? 1 : 0)
                || link == current;
    }

    private boolean pdptesAreBad() {
        if (!bit(0x6800, 31) || !bit(0x6804, 5) || ia32eGuest()) {
            return false;
        }
        boolean bad = false;
        for (int i = 0; i < 4; i++) {
            long entry = secondary(1) ? v(0x280A + 2 * i) : memory.read((v(0x6802) & 0xFFFF_FFE0L) + 8L * i);
            bad |= (entry & 1) != 0 && ((entry & 0x1E6) != 0 || wide(entry));
        }
        return bad;
    }

    private boolean msrIsBad(long address) {
        long index = memory.read(address);
        long value = memory.read(address + 8);
        boolean canonical = index == 0x175 || index == 0x176 || index == 0xC000_0082L || index == 0xC000_0102L;
        return index >>> 32 != 0
                || index == 0xC000_0100L
                || index == 0xC000_0101L
                || index >= 0x800 && index <= 0x8FF
                || index >= 0x480 && index <= 0x492
                || index == 0x9B
                || index == 0xC000_0080L && (value & ~0xD01L) != 0
                || index == 0xC000_0080L && bit(0x6800, 31) && (value >>> 8 & 1) != (v(0x4012) >>> 9 & 1)
                || index == 0x174 && value >>> 32 != 0
                || index == 0xC000_0103L && value >>> 32 != 0
                || canonical && odd(value);
    }
}
