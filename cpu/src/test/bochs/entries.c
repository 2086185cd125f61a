/* VM entries with a deviation from a VMCS that enters. See README.md for what a line says. */
#include "machine.h"

extern char guest_code[];
enum { LONG, PAE, REAL, VIRTUAL_8086, PLAIN, PAE_PLAIN, BASES };
static const char *const base_names[] = { "long", "pae", "real", "virtual_8086", "plain", "pae_plain" };

/* All fields that software writes; those the CPU model lacks are left out. */
static const u16 all_fields[] = {
	0x0, 0x800, 0x802, 0x804, 0x806, 0x808, 0x80a, 0x80c, 0x80e, 0x812, 0xc00, 0xc02, 0xc04, 0xc06, 0xc08, 0xc0a, 0xc0c,
	0x2000, 0x2002, 0x2004, 0x2006, 0x2008, 0x200a, 0x200e, 0x2010, 0x2012, 0x2014, 0x2018, 0x201a, 0x2024, 0x2026, 0x2028, 0x202a, 0x202c,
	0x2030, 0x2032, 0x2800, 0x2802, 0x2804, 0x2806, 0x280a, 0x280c, 0x280e, 0x2810, 0x2c00, 0x2c02,
	0x4000, 0x4002, 0x4004, 0x4006, 0x4008, 0x400a, 0x400c, 0x400e, 0x4010, 0x4012, 0x4014, 0x4016, 0x4018, 0x401a, 0x401c, 0x401e, 0x4020, 0x4022,
	0x4800, 0x4802, 0x4804, 0x4806, 0x4808, 0x480a, 0x480c, 0x480e, 0x4810, 0x4812,
	0x4814, 0x4816, 0x4818, 0x481a, 0x481c, 0x481e, 0x4820, 0x4822, 0x4824, 0x4826, 0x482a, 0x482e, 0x4c00,
	0x6000, 0x6002, 0x6004, 0x6006, 0x6008, 0x600a, 0x600c, 0x600e,
	0x6800, 0x6802, 0x6804, 0x6806, 0x6808, 0x680a, 0x680c, 0x680e, 0x6810, 0x6812, 0x6814, 0x6816, 0x6818, 0x681a, 0x681c, 0x681e, 0x6820, 0x6822, 0x6824, 0x6826,
	0x6c00, 0x6c02, 0x6c04, 0x6c06, 0x6c08, 0x6c0a, 0x6c0c, 0x6c0e, 0x6c10, 0x6c12, 0x6c16 };
#define ALL (sizeof all_fields / sizeof *all_fields)
static u16 fields[ALL];
static u64 base[BASES][ALL], now[ALL];
static int count, launched;

static u64 PAGE ept4[512], ept3[512], ept2[512], pml4[512], pdpt[512], pd[512], pae_pd[512], pae_pdpt[512], list[512], spare[512];
static u8 PAGE io_bitmap[8192], msr_bitmap[4096], virtual_apic[4096], other_vmcs[4096], shadow_vmcs[4096], wrong_vmcs[4096], vmread_bitmap[4096];
static u32 width;
static struct registers r;

static int index_of(u32 field)
{
	for (int i = 0; i < count; i++) if (fields[i] == field) return i;
	return -1;
}
static void set(int b, u32 field, u64 v) { int i = index_of(field); if (i >= 0) base[b][i] = v; }
static u64 get(u32 field) { int i = index_of(field); return i < 0 ? 0 : now[i]; }

static void controls(int b, u32 pin, u32 primary, u32 secondary, u32 exit, u32 entry)
{
	set(b, PIN, allowed(control_msr(PIN), pin)); set(b, PRIMARY, allowed(control_msr(PRIMARY), primary));
	set(b, SECONDARY, allowed(0x48b, secondary)); set(b, EXIT, allowed(control_msr(EXIT), exit)); set(b, ENTRY, allowed(control_msr(ENTRY), entry));
}

static void segments(int b, u32 code, u32 data, u64 base_of, u32 limit)
{
	for (int i = 0; i < 6; i++) {
		set(b, 0x800 + 2 * i, base_of ? base_of >> 4 : i == 1 ? 8 : 0x10); set(b, 0x4800 + 2 * i, limit);
		set(b, 0x4814 + 2 * i, i == 1 ? code : data); set(b, 0x6806 + 2 * i, base_of);
	}
	set(b, 0x80c, 0); set(b, 0x4820, 0x10000);
	set(b, 0x80e, 0x18); set(b, 0x480e, 0x67); set(b, 0x4822, 0x8b); set(b, 0x6814, (u64)tss);
}

static void make_base(int b)
{
	int is_long = b == LONG || b == PLAIN, pae = b == PAE || b == PAE_PLAIN, ept = b != PLAIN && b != PAE_PLAIN;
	u32 primary = b == LONG ? 1u << 31 | 1 << 21 | 1 << 25 | 1 << 28 : ept ? 1u << 31 : 0;
	u32 secondary = b == LONG ? 1 << 1 | 1 << 5 | 1 << 13 | 1 << 14 | 1 << 17 : 1 << 1 | 1 << 7;
	controls(b, 1 << 6 | (b == LONG ? 1 : 0), primary, secondary, 1 << 9 | 1 << 18 | 1 << 19 | 1 << 20 | 1 << 21 | (b == LONG ? 1 << 15 | 1 << 22 : 0),
		(is_long ? 1 << 9 : 0) | 1 << 14 | 1 << 15 | 1 << 2);
	set(b, 0x4004, 0xffffffff); set(b, 0x482e, 300);
	set(b, 0, 1); set(b, 0x812, 511);
	set(b, 0x2000, (u64)io_bitmap); set(b, 0x2002, (u64)io_bitmap + 4096); set(b, 0x2004, (u64)msr_bitmap);
	set(b, 0x2006, (u64)list + 1024); set(b, 0x2008, (u64)list + 2048); set(b, 0x200a, (u64)list);
	set(b, 0x400e, 1); set(b, 0x4010, 1); set(b, 0x4014, 3);
	set(b, 0x200e, (u64)spare); set(b, 0x2012, (u64)virtual_apic); set(b, 0x2014, (u64)spare); set(b, 0x2018, b == LONG);
	set(b, 0x201a, (u64)ept4 | 3 << 3 | 6); set(b, 0x2024, (u64)spare); set(b, 0x2026, (u64)vmread_bitmap); set(b, 0x2028, (u64)vmread_bitmap);
	set(b, 0x202a, (u64)spare); set(b, 0x2030, (u64)spare); set(b, 0x2032, 1UL << 48);
	set(b, 0x2800, b == LONG ? (u64)shadow_vmcs : ~0UL);
	set(b, 0x2804, 0x0007040600070406); set(b, 0x2806, is_long ? 0xd01 : 0x800);
	for (int i = 0; i < 4; i++) { set(b, 0x280a + 2 * i, pae_pdpt[i]); set(b, 0x6008 + 2 * i, (u64)pml4); }
	set(b, 0x400a, 2);
	u64 cr0 = b == REAL ? 0x30 : 0x80010031, cr4 = 0x2000 | (b == REAL || b == VIRTUAL_8086 ? 0 : 0x20);
	set(b, 0x6800, cr0); set(b, 0x6802, is_long ? (u64)pml4 : (u64)pae_pdpt); set(b, 0x6804, cr4 | (b == VIRTUAL_8086 ? 0x10 : 0));
	if (b == VIRTUAL_8086) set(b, 0x6802, (u64)spare);
	if (is_long) segments(b, 0xa09b, 0xc093, 0, 0xffffffff);
	else if (pae) segments(b, 0xc09b, 0xc093, 0, 0xffffffff);
	else if (b == REAL) segments(b, 0x9b, 0x93, 0x8000, 0xffff);
	else segments(b, 0xf3, 0xf3, 0x8000, 0xffff);
	set(b, 0x6816, (u64)gdt); set(b, 0x4810, 0x7f); set(b, 0x4812, 0x3ff);
	set(b, 0x681a, 0x400); set(b, 0x681c, 0x8000); set(b, 0x681e, b == REAL || b == VIRTUAL_8086 ? 0x100 : (u64)guest_code);
	set(b, 0x6820, b == VIRTUAL_8086 ? 0x20002 : 2);
	set(b, 0x482a, 8);
	set(b, 0x6c00, read_cr0()); set(b, 0x6c02, read_cr3()); set(b, 0x6c04, read_cr4());
	for (int i = 0; i < 6; i++) set(b, 0xc00 + 2 * i, i == 1 ? 8 : 0x10);
	set(b, 0xc0c, 0x18); set(b, 0x6c0a, (u64)tss); set(b, 0x6c0c, (u64)gdt); set(b, 0x6c16, (u64)vm_exit);
	set(b, 0x2c00, 0x0007040600070406); set(b, 0x2c02, rdmsr(0xc0000080));
}

static struct { int at; u64 value; } changes[8];	/* at: index of a field, or 1000 + word of the entry MSR list */
static int changed;

static void change(u32 field, u64 v)
{
	int i = index_of(field);
	if (i < 0) return;
	now[i] = field < 0x1000 ? (u16)v : field >= 0x4000 && field < 0x6000 ? (u32)v : v;
	for (int k = 0; k < changed; k++) if (changes[k].at == i) { changes[k].value = now[i]; return; }
	changes[changed].at = i; changes[changed++].value = now[i];
}
static int bits_of(u32 field) { return field < 0x1000 ? 16 : field >= 0x4000 && field < 0x6000 ? 32 : 64; }
static void flip(u32 field) { change(field, get(field) ^ 1UL << below(bits_of(field))); }
static u64 odd_address(u64 good) { return chance(35) ? good ^ 1UL << below(12) : chance(50) ? good | 1UL << (width + below(64 - width)) : chance(50) ? good | 1UL << (width - 1) : random(); }
static u64 odd_linear(u64 good) { return chance(60) ? good ^ 1UL << (46 + below(18)) : chance(50) ? random() : good | 0xffff800000000000; }
#define ONE_OF(a) a[below(sizeof a / sizeof *a)]

static void deviate_controls(void)
{
	static const u16 words[] = { PIN, PRIMARY, SECONDARY, SECONDARY, EXIT, ENTRY };
	static const u16 addresses[] = { 0x2000, 0x2002, 0x2004, 0x2012, 0x2014, 0x200e, 0x2024, 0x2026, 0x2028, 0x202a, 0x2030, 0x2006, 0x2008, 0x200a };
	switch (below(9)) {
	case 0: case 1: case 2: { int n = 1 + below(3); while (n--) flip(ONE_OF(words)); break; }
	case 3: case 4: { u32 f = ONE_OF(addresses);
		change(f, f == 0x2006 || f == 0x2008 ? get(f) | 1UL << (chance(50) ? below(4) : width + below(64 - width)) : odd_address(get(f)));
		if (chance(40)) change(SECONDARY, get(SECONDARY) ^ ((f == 0x2014 ? 1 : f == 0x202a ? 1 << 18 : f == 0x2030 ? 1 << 23 : 1 << 17) & (u32)(rdmsr(0x48b) >> 32)));
		break; }
	case 5: change(0x201a, chance(50) ? get(0x201a) ^ 1UL << below(64) : (get(0x201a) & ~0x7fUL) | below(128)); break;
	case 6: change(0x400a, below(8)); if (chance(50)) change(0, 0); break;
	case 7: change(0x401c, chance(50) ? below(16) : 1u << below(32)); virtual_apic[0x80] = 0x50; if (chance(20)) change(SECONDARY, get(SECONDARY) | 1); break;
	default: if (chance(50)) { change(0x2018, 1UL << below(64)); } else { change(0x2032, 0); change(SECONDARY, get(SECONDARY) | 1 << 25); }
	}
}

static void deviate_host(void)
{
	static const u16 bases[] = { 0x6c06, 0x6c08, 0x6c10, 0x6c12 };
	switch (below(9)) {
	case 0: { u64 b = 1UL << below(64); if (b & 0x80000001) b = 1 << 5; change(0x6c00, get(0x6c00) ^ b); break; }
	case 1: { u64 b = 1UL << below(64); change(0x6c04, get(0x6c04) ^ b); break; }
	case 2: change(0x6c02, get(0x6c02) | (chance(60) ? 1UL << (width + below(64 - width)) : 1UL << (3 + below(2)))); break;
	case 3: { u32 f = ONE_OF(bases); change(f, odd_linear(get(f))); break; }
	case 4: { u32 f = 0x6c0a + 2 * below(3); change(f, get(f) ^ 1UL << (47 + below(17))); break; }
	case 5: { u32 f = 0xc00 + 2 * below(7); change(f, chance(30) ? 0 : get(f) ^ 1 << below(3)); break; }
	case 6: change(0x2c00, chance(50) ? get(0x2c00) ^ 1UL << below(64) : random() & 0x0707070707070707); break;
	case 7: change(0x2c02, get(0x2c02) ^ (chance(30) ? 1UL << 11 : 1UL << below(64))); break;
	default: if (chance(50)) change(0x6c16, (u64)vm_exit ^ 1UL << (47 + below(17))); else change(EXIT, get(EXIT) ^ 1 << 9);
	}
}

static void deviate_registers(void)
{
	switch (below(12)) {
	case 0: case 1: flip(0x6800); break;
	case 2: case 3: flip(0x6804); break;
	case 4: change(0x6802, get(0x6802) | 1UL << below(64)); break;
	case 5: flip(0x681a); break;
	case 6: change(0x2802, 1UL << below(64)); break;
	case 7: { u32 f = 0x6824 + 2 * below(2); change(f, odd_linear(get(f))); break; }
	case 8: change(0x2804, chance(50) ? get(0x2804) ^ 1UL << below(64) : random() & 0x0707070707070707); break;
	case 9: flip(0x2806); break;
	case 10: flip(0x6820); break;
	default: change(0x681e, chance(50) ? odd_linear(get(0x681e)) : get(0x681e) | 1UL << (32 + below(32)));
	}
	if (chance(8)) change(ENTRY, get(ENTRY) ^ 1 << 9);
}

static void deviate_segment(void)
{
	int n = below(10), s = n < 2 ? 1 : n < 4 ? 2 : n == 4 ? 7 : n == 5 ? 6 : below(8);
	switch (below(8)) {
	case 0: case 1: case 2: change(0x4814 + 2 * s, get(0x4814 + 2 * s) ^ 1 << below(chance(80) ? 17 : 32)); break;
	case 3: change(0x4814 + 2 * s, (get(0x4814 + 2 * s) & ~0x1fUL) | below(32)); if (s < 3 && chance(40)) change(0x4816 + 2 * below(2), get(0x4816) ^ below(4) << 5); break;
	case 4: { int x = 1 << below(3); change(0x800 + 2 * s, get(0x800 + 2 * s) ^ x); if (chance(30)) change(0x802, get(0x802) ^ x); break; }
	case 5: change(0x4800 + 2 * s, chance(50) ? 1u << below(32) : get(0x4800 + 2 * s) ^ 1u << below(32)); break;
	case 6: change(0x6806 + 2 * s, chance(50) ? odd_linear(get(0x6806 + 2 * s)) : get(0x6806 + 2 * s) ^ 1UL << below(64)); break;
	default: if (s == 6) { change(0x4820, 0x82 ^ (chance(60) ? 1 << below(17) : 0)); if (chance(30)) change(0x80c, 4); }
		else if (s < 6 && s != 1) { change(0x4814 + 2 * s, 0x10000 | (chance(30) ? get(0x4814 + 2 * s) : 0)); }
		else if (chance(50)) { u32 f = 0x6816 + 2 * below(2); change(f, odd_linear(get(f))); }
		else { u32 f = 0x4810 + 2 * below(2); change(f, 1u << below(32)); }
	}
	if (chance(15)) {					/* all at CPL 3 */
		change(0x4816, get(0x4816) | 0x60); change(0x4818, get(0x4818) | 0x60);
		change(0x802, get(0x802) | 3); change(0x804, get(0x804) | 3);
	}
}

static void inject(void)
{
	static const u8 vectors[] = { 0, 1, 2, 3, 4, 8, 10, 11, 12, 13, 14, 17, 18, 20, 31, 32, 0x40, 255 };
	u32 type = below(8), info = 1u << 31 | type << 8 | (type == 2 && chance(70) ? 2 : type == 7 && chance(80) ? 0 : ONE_OF(vectors));
	u32 v = info & 0xff;
	int coded = type == 3 && (v == 8 || (v >= 10 && v <= 14) || v == 17) && (get(0x6800) & 1);
	if (chance(85) ? coded : !coded) info |= 1 << 11;
	if (chance(10) || type == 7) info |= 1u << (12 + below(19));	/* Bochs stops at an event of type 7 */
	change(0x4016, info);
	change(0x4018, chance(80) ? below(256) : 1u << below(32));
	change(0x401a, chance(85) ? 1 + below(15) : below(20));
}

static void deviate_blocking(void)
{
	if (chance(40)) inject();
	if (chance(50)) change(0x6820, get(0x6820) ^ 1 << 9);
	if (chance(70)) change(0x4824, chance(70) ? 1 << below(5) : chance(50) ? below(32) : 1u << below(32));
	if (chance(35)) change(0x4826, chance(80) ? 1 + below(2) : 4 + below(4));
	if (chance(25)) change(0x6822, chance(50) ? 1UL << below(64) : 1 << 14);
	if (chance(15)) change(0x6820, get(0x6820) ^ 1 << 8);
	if (chance(10)) change(0x2802, 2);
	if (chance(15)) change(PIN, get(PIN) ^ (chance(50) ? 1 << 3 : 1 << 3 | 1 << 5));
	if (chance(10)) { change(PIN, get(PIN) | 1 << 3 | 1 << 5); change(PRIMARY, get(PRIMARY) | 1 << 22); }
}

static void deviate_link(void)
{
	u64 pointers[] = { ~0UL, (u64)vmcs_region, (u64)other_vmcs, (u64)shadow_vmcs, (u64)wrong_vmcs, odd_address((u64)shadow_vmcs), (u64)vmxon_region };
	change(0x2800, ONE_OF(pointers));
	if (chance(40)) change(SECONDARY, get(SECONDARY) ^ 1 << 14);
}

static void deviate_pdptes(void)
{
	u32 f = 0x280a + 2 * below(4);
	change(f, get(f) ^ 1UL << below(64));
	if (chance(25)) change(f, get(f) & ~1UL);
	if (chance(20)) change(0x6802, (u64)pae_pdpt + 32 * below(4));
}

static void change_list(int word, u64 v) { list[word] = v; changes[changed].at = 1000 + word; changes[changed++].value = v; }

static void deviate_list(void)
{
	static const u32 msrs[] = { 0xc0000100, 0xc0000101, 0x800, 0x808, 0x8ff, 0x900, 0x7ff, 0x1fff, 0x480, 0x9b, 0x10, 0x176, 0xc0000081, 0xc0000082, 0xc0000102, 0x12345678, 0x277, 0x174, 0xe7 };
	int e = 2 * below(4);
	if (chance(25)) change_list(e, list[e] | 1UL << (32 + below(32)));
	else if (chance(50)) { change_list(e, ONE_OF(msrs)); if (chance(60)) change_list(e + 1, chance(50) ? 0x8000000000000000 >> below(64) : 0); }
	else { change_list(e, chance(50) ? 0x175 : 0xc0000082); change_list(e + 1, odd_linear(0)); }
	change(0x4014, 3 + below(2));
}

static void directory_pointers(void)			/* a guest in another mode may have set accessed flags */
{
	for (int i = 0; i < 16; i++) pae_pdpt[i] = (u64)pae_pd | 1;
	pae_pdpt[5] |= 2; pae_pdpt[10] |= 1UL << 50; pae_pdpt[15] = 0;
}

static void reload(void)
{
	struct { u16 limit; u64 base; } __attribute__((packed)) g = { 0x37, (u64)gdt };
	write_cr0(base[0][index_of(0x6c00)]); write_cr4(base[0][index_of(0x6c04)]); write_cr3((u64)host_pml4);
	wrmsr(0xc0000080, base[0][index_of(0x2c02)]); wrmsr(0x277, 0x0007040600070406);
	asm volatile("lgdt %0" : : "m"(g));
	load_idt();
}

static void one(void)
{
	int b = chance(45) ? LONG : below(BASES), group = below(16);
	static const u64 good_list[] = { 0x174, 0, 0x175, 0x1000, 0xc0000102, 0x2000, 0x176, 0x3000 };
	for (int i = 0; i < count; i++) now[i] = base[b][i];
	for (int i = 0; i < 8; i++) list[i] = good_list[i];
	changed = 0; virtual_apic[0x80] = 0;
	directory_pointers();
	if (group < 4) deviate_controls();
	else if (group < 6) deviate_host();
	else if (group < 8) deviate_registers();
	else if (group < 11) deviate_segment();
	else if (group == 11) inject();
	else if (group < 14) deviate_blocking();
	else if (group == 14) { if (b == PAE || b == PAE_PLAIN || chance(20)) deviate_pdptes(); else deviate_link(); }
	else deviate_list();
	puts("e "); puts(base_names[b]);
	for (int k = 0; k < changed; k++) {
		int at = changes[k].at;
		if (at < 1000) sp_hex(fields[at]); else { puts(" @"); hex((u64)(list + at - 1000)); }
		put('='); hex(changes[k].value);
	}
	if (virtual_apic[0x80]) { puts(" @"); hex((u64)virtual_apic + 0x80); put('='); hex(virtual_apic[0x80]); }
	put('\n');
	for (int i = 0; i < count; i++) vmwrite(fields[i], now[i]);
	u64 flags = vm_run(&r, !launched);
	if (flags) { puts("= fail"); sp_hex(flags & 0x8d5); sp_hex(vmread(0x4400)); put('\n'); return; }
	reload();
	u64 reason = vmread(0x4402);
	if (reason >> 31) { puts("= refused"); sp_hex(reason & 0xffff); sp_hex(vmread(0x6400)); }
	else { launched = 1; puts("= entered"); sp_hex(reason); }
	put('\n');
}

/* VMX instructions in root operation, with operands good and bad. */
static const char *const operations[] = { "vmclear", "vmptrld", "vmptrst", "vmread", "vmwrite", "vmlaunch", "vmresume", "ss_vmlaunch", "ss_vmresume", "vmxon", "invept", "invvpid", "vmfunc" };
enum { OPERATIONS = sizeof operations / sizeof *operations };

static void region(int clear, void *hpa)
{
	u64 p = (u64)hpa;
	if (clear) asm volatile("vmclear %0" : : "m"(p) : "cc", "memory");
	else asm volatile("vmptrld %0" : : "m"(p) : "cc", "memory");
}

static void operation(void)
{
	static u64 operand[2];
	static const char *const states[] = { "none", "clear", "launched" };
	u64 pointers[] = { (u64)vmcs_region, (u64)other_vmcs, (u64)wrong_vmcs, (u64)shadow_vmcs, (u64)vmxon_region, odd_address((u64)other_vmcs), (u64)other_vmcs + 8, 1UL << width };
	u32 some_fields[] = { 0x4400, 0x4402, 0x6400, 0x2400, 0x2401, 0x681e, 0x4000, 0x2001, 0x2003, 0x6c16, 0x4001, 0x0, 0x800, 0x1, 0x6a00, 0x7ffe, 0x8000, 0x14000, 0x440e, 0xc0e, 0x4828, 0x682e };
	int o = below(OPERATIONS), state = below(3), cpl = chance(20) ? 3 : 0;
	struct attempt t = { .rflags = 2, .cpl = cpl, .rdi = (u64)operand, .rcx = 0x10 };
	t.rip = (cpl ? USER_GVA : (u64)user_page) + 32 * o;
	if (state == 2) {
		for (int i = 0; i < count; i++) vmwrite(fields[i], base[PLAIN][i]);
		if (vm_run(&r, !launched)) die("launch", vmread(0x4400));
		launched = 1;
		reload();
	} else { region(1, vmcs_region); launched = 0; region(0, vmcs_region); }
	vmwrite(PIN, 0xffffffff);				/* so that no VMLAUNCH enters */
	if (state == 0) { region(1, vmcs_region); launched = 0; }
	operand[0] = ONE_OF(pointers); operand[1] = 0;
	t.rax = random() & 0xffff; t.rbx = chance(80) ? ONE_OF(some_fields) : below(0x7000);
	if (o == 10) { t.rax = below(chance(90) ? 4 : 100); operand[0] = ((u64)ept4 | 0x1e) ^ (chance(50) ? 1UL << below(64) : 0); operand[1] = chance(80) ? 0 : 1UL << below(64); }
	if (o == 11) { t.rax = below(chance(90) ? 6 : 100); operand[0] = chance(30) ? 0 : chance(50) ? below(4) : 1UL << below(64); operand[1] = chance(60) ? random() >> 20 : odd_linear(0); }
	puts("o "); puts(operations[o]); sp_hex(cpl); put(' '); puts(states[state]); sp_hex(t.rax); sp_hex(t.rbx); sp_hex(operand[0]); sp_hex(operand[1]); put('\n');
	attempt(&t);
	u64 now_current = 0, error = 0;
	asm volatile("vmptrst %0" : "=m"(now_current));
	if (now_current != ~0UL) vmread_flags(0x4400, &error);
	if (t.vector == 6 && t.rip != (cpl ? USER_GVA : (u64)user_page) + 32 * o) { puts("= done"); sp_hex(t.rflags & 0x8d5); sp_hex(error); sp_hex(t.rax); sp_hex(operand[0]); }
	else { puts("= fault"); sp_hex(t.vector); sp_hex(t.error); sp_hex(0); sp_hex(0); }
	sp_hex(now_current); put('\n');
	region(1, other_vmcs); region(1, vmcs_region); region(0, vmcs_region); launched = 0;
	*(u32 *)shadow_vmcs = (u32)rdmsr(0x480) | 1u << 31;
}

static void memory(void)
{
	u32 revision = rdmsr(0x480);
	directory_pointers();
	ept4[0] = (u64)ept3 | 7; ept3[0] = (u64)ept2 | 7; for (u64 i = 0; i < 16; i++) ept2[i] = i << 21 | 0xb7;
	pml4[0] = (u64)pdpt | 7; pdpt[0] = (u64)pd | 7; for (u64 i = 0; i < 16; i++) pd[i] = pae_pd[i] = i << 21 | 0x87;
	*(u32 *)other_vmcs = revision; *(u32 *)shadow_vmcs = revision | 1u << 31; *(u32 *)wrong_vmcs = revision + 1;
	list[128] = list[256] = 0x175;				/* the store and load lists of exits */
	u64 *words[] = { (u64 *)vmcs_region, (u64 *)vmxon_region, (u64 *)other_vmcs, (u64 *)shadow_vmcs, (u64 *)wrong_vmcs };
	for (int i = 0; i < 5; i++) { puts("m"); sp_hex((u64)words[i]); sp_hex(*(u32 *)words[i]); put('\n'); }
	for (int i = 0; i < 16; i++) { puts("m"); sp_hex((u64)(pae_pdpt + i)); sp_hex(pae_pdpt[i]); put('\n'); }
	for (int i = 0; i < 8; i++) { static const u64 good[] = { 0x174, 0, 0x175, 0x1000, 0xc0000102, 0x2000, 0x176, 0x3000 };
		puts("m"); sp_hex((u64)(list + i)); sp_hex(good[i]); put('\n'); }
	puts("current"); sp_hex((u64)vmcs_region); puts("\nvmxon"); sp_hex((u64)vmxon_region); put('\n');
}

void image_main(void)
{
	u32 c[4];
	begin("entries");
	cpuid(0x80000008, 0, c); width = c[0] & 0xff;
	load_idt();
	start_vmx();
	memory();
	for (int i = 0; i < (int)ALL; i++) { u64 v; if (!vmread_flags(all_fields[i], &v)) fields[count++] = all_fields[i]; }
	for (int b = 0; b < BASES; b++) {
		make_base(b);
		puts("base "); puts(base_names[b]); put('\n');
		for (int i = 0; i < count; i++) if (base[b][i]) { puts("f"); sp_hex(fields[i]); sp_hex(base[b][i]); put('\n'); }
		for (int i = 0; i < count; i++) vmwrite(fields[i], base[b][i]);
		u64 flags = vm_run(&r, !launched), reason = vmread(0x4402);
		if (flags || reason >> 31) { puts("base fails "); puts(base_names[b]); sp_hex(flags); die("", flags ? vmread(0x4400) : reason); }
		launched = 1;
		reload();
	}
	for (int i = 0; i < CASES; i++) one();
	for (int i = 0; i < OPERATION_CASES; i++) operation();
	end();
}
