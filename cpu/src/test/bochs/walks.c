/* Random accesses through random tables, natively and nested. See README.md for what a line says. */
#include "machine.h"

#define ARENA 0x2000000UL			/* tables of the case at hand */
#define DATA 0x4000000UL			/* 16 MiB, each word says where it is */
#define DATA_BYTES 0x1000000UL
#define GPA_BASE (1UL << 39)			/* of all random guest-physical addresses */
#define WORD(hpa) (*(u64 *)(hpa))
#define CONTENT(hpa) (0xb8 | (hpa) << 8 | 0x0b0fUL << 40)	/* mov eax, hpa; ud2 */
#define SCRATCH_CODE 0x10000UL			/* guest-linear address of guest_code; user_page follows it */

enum { GUEST, SECOND };
static struct word { u64 hpa, before; u8 stage, level, leaf; } words[200];
static int count;
static u64 next_table;
static u64 PAGE ept_root[512], ept_pdpt[512], ept_pd[512], good_pml4[512], good_pdpt[512], good_pd[512], good_pt[512], pml[512];
extern char guest_code[];
static struct registers regs;
static u32 width;
static int keys;				/* protection keys are there */
static u64 gpas[32];
static int gpa_count;
static int launched;

static u64 new_table(void)
{
	do next_table += 4096; while (!(next_table & 0x1fe000));	/* as a large page it would be misaligned */
	return next_table;
}

static void add(u64 hpa, u64 value, int stage, int level, int leaf)
{
	struct word w = { hpa, 0, stage, level, leaf };
	words[count++] = w;
	WORD(hpa) = value;
}

static u64 index_of(u64 address, int level) { return address >> (3 + 9 * level) & 511; }
static u64 bytes_of(int level) { return 1UL << (3 + 9 * level); }

/* Maps a guest-physical address; 0: there is something in the way. */
static int map_second(u64 gpa, int leaf, u64 hpa)
{
	u64 table = (u64)ept_root;
	for (int level = 4; ; level--) {
		u64 at = table + 8 * index_of(gpa, level);
		if (level == leaf) {
			if (WORD(at)) return 0;
			add(at, (hpa & -bytes_of(level)) | 7 | 6 << 3 | (level > 1 ? 0x80 : 0), SECOND, level, 1);
			return 1;
		}
		if (!WORD(at)) { u64 t = new_table(); add(at, t | 7, SECOND, level, 0); }
		else if (WORD(at) & 0x80) return 0;
		table = WORD(at) & 0xffffffffff000;
	}
}

static int random_leaf(void) { int r = below(100); return r < 60 ? 1 : r < 85 ? 2 : 3; }

/* A guest-physical address whose bits below `free` are 0, near earlier ones more often than not. */
static u64 random_gpa(void)
{
	u64 gpa = random() & 0x7ffffff000;
	if (gpa_count && chance(60)) {
		u64 other = gpas[below(gpa_count)];
		int keep = chance(50) ? 30 : 21;
		gpa = (other & 0x7fffffffff & -(1UL << keep)) | (gpa & ((1UL << keep) - 1));
	}
	return GPA_BASE | gpa;
}

/* Gives a table a guest-physical address and maps it there. */
static u64 place_table(u64 hpa)
{
	for (;;) {
		int leaf = random_leaf();
		u64 low = leaf == 1 ? 0xfff : bytes_of(leaf) - 1;
		u64 gpa = (random_gpa() & ~low) | (hpa & low);
		if (map_second(gpa, leaf, hpa)) { gpas[gpa_count++] = gpa; return gpa; }
	}
}

static u64 random_data(void) { return DATA + ((u64)below(DATA_BYTES >> 12) << 12); }

/* Guest-physical address of the page of `bytes` that gva is in; mapped so that the word is in DATA. */
static u64 place_page(u64 gva, u64 bytes)
{
	for (;;) {
		int leaf = random_leaf();
		u64 gpa = random_gpa(), hpa = random_data();
		if (leaf == 3) gpa = (gpa & -(1UL << 30)) | random_data();
		gpa = (gpa & -bytes) | (gva & (bytes - 1));
		if (leaf == 2) hpa = (hpa & -(1UL << 21)) | (gpa & 0x1fffff);
		if (leaf == 3) hpa = gpa & 0x3fffffff;
		if (map_second(gpa, leaf, hpa)) { gpas[gpa_count++] = gpa; return gpa & -bytes; }
	}
}

static u64 build_guest(u64 gva, int nested)
{
	int leaf = random_leaf();
	u64 table = new_table(), root = nested ? place_table(table) : table;
	for (int level = 4; level > leaf; level--) {
		u64 t = new_table();
		add(table + 8 * index_of(gva, level), (nested ? place_table(t) : t) | 7, GUEST, level, 0);
		table = t;
	}
	u64 bytes = bytes_of(leaf);
	u64 page = nested ? place_page(gva, bytes) : (leaf == 3 ? 0 : random_data() & -bytes);
	add(table + 8 * index_of(gva, leaf), page | 7 | (leaf > 1 ? 0x80 : 0), GUEST, leaf, 1);
	return root;
}

static u64 bit_of(int from, int to) { return 1UL << (from + below(to - from + 1)); }

static u64 deviate_guest(u64 e, int level, int leaf)
{
	switch (below(14)) {
	case 0: return e & ~1UL;
	case 1: case 2: return e & ~2UL;
	case 3: case 4: return e & ~4UL;
	case 5: return e & ~6UL;
	case 6: case 7: return e | 1UL << 63;
	case 8: return e | bit_of(width, 51);
	case 9: return e ^ 0x80;
	case 10: return leaf && level > 1 ? e | bit_of(12, 2 + 9 * level) : e | bit_of(52, 58);
	case 11: return e | (random() & 0x0780000000000e18);
	case 12: return e | (random() & 0x7800000000000000);
	default: return e ^ bit_of(5, 8);
	}
}

static u64 deviate_second(u64 e, int level, int leaf)
{
	switch (below(12)) {
	case 0: return e & ~7UL;
	case 1: return e & ~1UL;
	case 2: return e & ~2UL;
	case 3: case 4: return e & ~4UL;
	case 5: return (e & ~7UL) | below(8);
	case 6: return leaf ? (e & ~0x38UL) | below(8) << 3 : e | bit_of(3, 6);
	case 7: return e | bit_of(width, 51);
	case 8: return e ^ 0x80;
	case 9: return leaf && level > 1 ? e | bit_of(12, 2 + 9 * level) : e ^ bit_of(6, 9);
	case 10: return e | (random() & 0xfff0000000000c00);
	default: return (e & ~6UL) | below(2) << 2;
	}
}

/* Marks, rights and deviations, over the well-formed tables. */
static void disturb(void)
{
	int user = chance(60), deviations = chance(25) ? 0 : chance(60) ? 1 : 1 + below(3);
	for (int i = 0; i < count; i++) {
		struct word *w = &words[i];
		u64 e = WORD(w->hpa);
		if (w->stage == GUEST) {
			e |= random() & 0x60;
			if (!user && chance(50)) e &= ~4UL;
			if (chance(3)) e &= ~2UL;
			if (chance(3)) e |= 1UL << 63;
			if (w->leaf && chance(50)) e |= random() & 0x7800000000000000;
		} else {
			e |= random() & 0x300;
			if (chance(2)) e &= ~(2UL << below(2));
		}
		WORD(w->hpa) = e;
	}
	while (deviations--) {
		struct word *w = &words[below(count)];
		if (chance(30)) w = &words[count - 1];	/* the guest's leaf, more often */
		WORD(w->hpa) = w->stage == GUEST ? deviate_guest(WORD(w->hpa), w->level, w->leaf)
			: deviate_second(WORD(w->hpa), w->level, w->leaf);
	}
	for (int i = 0; i < count; i++) words[i].before = WORD(words[i].hpa);
}

static u64 find_written(u64 gva, u64 value)
{
	for (u64 a = DATA + (gva & 0xfff); a < DATA + DATA_BYTES; a += 4096)
		if (WORD(a) == value) return a;
	return 0;
}

static void print_words(void)
{
	for (int i = 0; i < count; i++) {
		struct word *w = &words[i];
		put(w->stage == GUEST ? 'g' : 'e'); put('0' + w->level);
		sp_hex(w->hpa); sp_hex(w->before);
		if (WORD(w->hpa) != w->before) sp_hex(WORD(w->hpa));
		put('\n');
	}
}

static void clear_words(void)
{
	for (int i = 0; i < count; i++) WORD(words[i].hpa) = 0;
	count = gpa_count = 0;
	next_table = ARENA;
}

static void translated(char kind, u64 gva, u64 rax, u64 value)
{
	u64 hpa;
	if (kind == 'w') { hpa = find_written(gva, value); if (hpa) WORD(hpa) = CONTENT(hpa); }
	else if (kind == 'r') { hpa = rax >> 8 & 0xffffffff; if (rax != CONTENT(hpa)) hpa = 0; }
	else hpa = rax;
	puts("= ok"); sp_hex(hpa);
}

struct access { char kind; int cpl; u64 cr0, cr4, efer, rflags, cr3, eptp, gva, value; u32 pkru; int logs, log_index; };

static void print_access(const struct access *a)
{
	puts(a->eptp ? "nested " : "native "); put(a->kind); sp_hex(a->cpl);
	sp_hex(a->cr0); sp_hex(a->cr4); sp_hex(a->efer); sp_hex(a->rflags); sp_hex(a->pkru);
	sp_hex(a->cr3); sp_hex(a->eptp); sp_hex(a->gva); put('\n');
}

static void native_outcome(const struct access *a)
{
	struct attempt t = { .rflags = a->rflags, .cpl = a->cpl, .rax = a->value, .rdi = a->gva };
	u64 code = a->cpl ? USER_GVA : (u64)user_page, cr0 = read_cr0(), cr4 = read_cr4(), cr3 = read_cr3(), efer = rdmsr(0xc0000080);
	t.rip = a->kind == 'r' ? code : a->kind == 'w' ? code + 16 : a->gva;
	WORD(a->cr3) = (u64)host_pdpt | 7;		/* the image itself; no part of the case */
	if (keys) write_pkru(a->pkru);
	write_cr3(a->cr3); wrmsr(0xc0000080, a->efer); write_cr0(a->cr0); write_cr4(a->cr4);
	attempt(&t);
	write_cr4(cr4); write_cr0(cr0); wrmsr(0xc0000080, efer); write_cr3(cr3);
	WORD(a->cr3) = 0;
	if (t.vector == 6) translated(a->kind, a->gva, t.rax, a->value);
	else if (t.vector == 14) { puts("= pf"); sp_hex(t.error); sp_hex(t.cr2); }
	else { puts("= fault"); sp_hex(t.vector); sp_hex(t.error); }
}

static void nested_outcome(const struct access *a)
{
	u64 kernel = SCRATCH_CODE, user = SCRATCH_CODE + 4096;
	u64 code = a->cpl ? user + 32 : kernel;
	regs.rax = a->value; regs.rdi = a->gva; regs.rbx = a->cr3;
	if (keys) write_pkru(a->pkru);
	vmwrite(0x6800, a->cr0); vmwrite(0x6804, a->cr4 | 1 << 13); vmwrite(0x2806, a->efer); vmwrite(0x6820, a->rflags);
	vmwrite(0x6802, a->kind == 'x' ? a->cr3 : (u64)good_pml4);
	vmwrite(0x681e, a->kind == 'r' ? code : a->kind == 'w' ? code + 16 : a->gva);
	vmwrite(0x201a, a->eptp);
	guest_segments(a->cpl);
	vmwrite(SECONDARY, allowed(control_msr(SECONDARY), 1 << 1 | a->logs << 17));
	vmwrite(0x200e, (u64)pml); vmwrite(0x812, a->log_index);
	u64 fail = vm_run(&regs, !launched);
	if (fail) die("entry", vmread(0x4400));
	launched = 1;
	u64 reason = vmread(0x4402), info = vmread(0x4404);
	if (reason == 0 && (info & 0xff) == 6) translated(a->kind, a->gva, regs.rax, a->value);
	else if (reason == 0 && (info & 0xff) == 14) { puts("= pf"); sp_hex(vmread(0x4406)); sp_hex(vmread(0x6400)); }
	else if (reason == 0) { puts("= fault"); sp_hex(info & 0xff); sp_hex(vmread(0x4406)); }
	else {
		u64 linear = vmread(0x640a);
		if (linear >> 13 == SCRATCH_CODE >> 13) die("code page", linear);
		puts("= exit"); sp_hex(reason); sp_hex(vmread(0x6400)); sp_hex(vmread(0x2400)); sp_hex(linear);
	}
}

static void print_log(const struct access *a)
{
	u16 now = vmread(0x812);
	put('p'); sp_hex(a->log_index); sp_hex(now);
	for (u16 i = a->log_index; i != now; i--) sp_hex(pml[i]);
	put('\n');
}

/* Where page-modification logging starts: seldom a full log, and then for a fetch only, which needs no other page. */
static int random_log_index(char kind) { return kind == 'x' && chance(30) ? 0xffff - below(2) * below(0xfe00) : chance(20) ? below(3) : below(512); }

static void one(int nested)
{
	struct access a = { .kind = "rrrwwwxx"[below(8)], .cpl = chance(45) ? 3 : 0 };
	u64 r = random();
	do a.gva = (u64)((long)(random() << 16) >> 16); while (!index_of(a.gva, 4));
	a.gva = (a.gva & ~0x3fffffffUL) | (random_data() + 8 * below(512));
	a.cr0 = 0x80000033 | (r & 1) << 16;
	a.cr4 = 0x6a0 | (r >> 1 & 3) << 20 | (r >> 3 & keys) << 22;		/* PAE PGE; SMEP SMAP PKE */
	a.efer = 0x501 | (chance(75) ? 0x800 : 0);
	a.rflags = 2 | (r >> 4 & 1) << 18;
	a.pkru = chance(50) || !keys ? 0 : random() & random() & ~3u;	/* key 0 is the image's own */
	a.eptp = nested ? (u64)ept_root | 3 << 3 | 6 | (r >> 5 & 1) << 6 : 0;
	a.value = 0x5a5a000000000000 | random() >> 16;
	a.logs = nested && chance(20);
	a.log_index = a.logs ? random_log_index(a.kind) : 0;
	clear_words();
	a.cr3 = build_guest(a.gva, nested);
	disturb();
	if (chance(2) && a.kind != 'x') a.gva ^= bit_of(48, 62);
	print_access(&a);
	write_cr3(read_cr3());
	if (nested) nested_outcome(&a); else native_outcome(&a);
	put('\n');
	print_words();
	if (a.logs) print_log(&a);
}

static void good_tables(void)
{
	ept_root[0] = (u64)ept_pdpt | 0x107; ept_pdpt[0] = (u64)ept_pd | 0x107;
	for (u64 i = 0; i < 16; i++) ept_pd[i] = i << 21 | 0x3b7;		/* the image: RWX, WB, accessed and dirty */
	good_pml4[0] = (u64)good_pdpt | 0x27; good_pdpt[0] = (u64)good_pd | 0x27; good_pd[0] = (u64)good_pt | 0x27;
	good_pt[16] = (u64)guest_code | 0x163; good_pt[17] = (u64)user_page | 0x167;	/* global */
}

static void setup_vmcs(void)
{
	vmwrite(PIN, allowed(control_msr(PIN), 0));
	vmwrite(PRIMARY, allowed(control_msr(PRIMARY), 1u << 31));
	vmwrite(SECONDARY, allowed(control_msr(SECONDARY), 1 << 1));
	vmwrite(EXIT, allowed(control_msr(EXIT), 1 << 9 | 1 << 20 | 1 << 21));
	vmwrite(ENTRY, allowed(control_msr(ENTRY), 1 << 9 | 1 << 15));
	vmwrite(0x4004, 0xffffffff); vmwrite(0x4006, 0); vmwrite(0x4008, 0);
	vmwrite(0x400a, 0); vmwrite(0x400e, 0); vmwrite(0x4010, 0); vmwrite(0x4014, 0); vmwrite(0x4016, 0);
	for (int i = 0; i < 4; i++) vmwrite(0x6000 + 2 * i, 0);
	vmwrite(0x2800, ~0UL);
	host_state();
	vmwrite(0x6816, 0); vmwrite(0x6818, 0); vmwrite(0x4810, 0xffff); vmwrite(0x4812, 0xffff);
	vmwrite(0x681a, 0x400); vmwrite(0x681c, 0); vmwrite(0x6822, 0); vmwrite(0x2802, 0);
	vmwrite(0x4824, 0); vmwrite(0x4826, 0); vmwrite(0x482a, 0); vmwrite(0x6824, 0); vmwrite(0x6826, 0);
}

void image_main(void)
{
	u32 r[4];
	begin("walks");
	cpuid(0x80000008, 0, r); width = r[0] & 0xff;
	load_idt();
	cpuid(7, 0, r); keys = r[2] >> 3 & 1;
	write_cr4(read_cr4() | keys << 22);
	for (u64 a = DATA; a < DATA + DATA_BYTES; a += 8) WORD(a) = CONTENT(a);
	wrmsr(0xc0000081, 0x20UL << 48 | 8UL << 32);			/* STAR */
	wrmsr(0xc0000082, SCRATCH_CODE + 32); wrmsr(0xc0000084, 0);	/* LSTAR, FMASK */
	for (int i = 0; i < NATIVE_CASES; i++) one(0);
	start_vmx();
	good_tables();
	setup_vmcs();
	for (int i = 0; i < NESTED_CASES; i++) one(1);
	end();
}
