/* One instruction in a guest, under random controls. See README.md for what a line says. */
#include "machine.h"

#define WORD(hpa) (*(u64 *)(hpa))
enum { NONE, PORT, PORT_IMM, MSR, CR0, CR3, CR4, MEMORY, SELECTOR, FLAGS, FRAME, FIELD, TABLE, FAR, SMALL, STRING, LINEAR, ONSTACK };
struct form { const char *name; u8 *code; u64 length, kind; };
extern const struct form forms[], forms_end[];
extern char handlers[];

/* The guest's pages, by guest-linear address; the next but the last is not there. */
enum { CODE = 0x10000, USER_CODE = 0x11000, HANDLERS = 0x12000, IDT = 0x13000, GDT = 0x14000, TSS = 0x15000, STACK = 0x18000,
	USER_STACK = 0x19000, STUFF = 0x1a000, USER_STUFF = 0x1b000, FAR_CODE = 0x1c000, USER_FAR_CODE = 0x1d000, NOWHERE = 0x1e000 };
static u8 PAGE pages[16][4096];
static u64 PAGE pml4[2][512], pdpt[512], pd[512], pt[512], ept4[512], ept3[512], ept2[512], eptp_list[512];
static u8 PAGE io_bitmap[8192], msr_bitmap[4096], vmread_bitmap[4096], vmwrite_bitmap[4096], virtual_apic[4096], shadow_vmcs[4096];
static struct registers r;
static u32 secondary_allowed;
static u64 cr4_allowed, eptp;
static int launched;

#define PAGE_OF(gva) (pages[((gva) >> 12) - 16])
#define HPA_OF(gva) ((u64)PAGE_OF(gva) + ((gva) & 0xfff))

struct setting {
	const struct form *form;
	u64 cpl, code, primary, secondary, exceptions, pfec_mask, pfec_match, mask0, mask4, shadow0, shadow4, functions, threshold;
	u64 targets, target[4], cr0, cr3, cr4, rflags, rdi, bits[8];
	u32 port, msr;
};

static u64 some(u64 of) { return random() & of; }

static void bit(u8 *map, u32 n, int v) { map[n / 8] = (map[n / 8] & ~(1 << n % 8)) | v << n % 8; }
static u32 get_bit(u8 *map, u32 n) { return map[n / 8] >> n % 8 & 1; }

static const u32 msrs[] = { 0x10, 0x174, 0x175, 0x176, 0xc0000080, 0xc0000081, 0xc0000082, 0xc0000084, 0xc0000100, 0xc0000101, 0xc0000102,
	0xc0000103, 0x277, 0x480, 0x48c, 0x3a, 0x808, 0x80a, 0x8ff, 0x1fff, 0x2000, 0xc0001fff, 0xc0002000, 0x12345678, 0x1d9 };

static int msr_index(u32 m) { return m < 0x2000 ? (int)m : m >= 0xc0000000 && m < 0xc0002000 ? (int)(m - 0xc0000000 + 0x2000) : -1; }

static u64 random_cr0(u64 now)
{
	u64 v = now ^ (chance(70) ? some(0x5000f) & random() : 0);
	if (chance(15)) v ^= 1UL << below(33);
	return chance(5) ? v ^ 0x80000000 : v;
}

static u64 random_cr4(u64 now)
{
	u64 v = now ^ (chance(75) ? some(0x3707df) & random() & random() : 0);
	return chance(12) ? v ^ 1UL << below(34) : v;
}

static void random_controls(struct setting *s)
{
	u32 p = random() & random() & 0x00199e88;		/* what makes instructions exit is off more often */
	if (chance(50)) p |= random() & 0x60819e88;
	if (chance(4)) p |= 1 << 2;				/* interrupt window */
	if (chance(40)) p |= 1 << 21;				/* TPR shadow */
	if (chance(50)) p |= 1 << 25;
	if (chance(40)) p |= 1 << 24;
	if (chance(75)) p |= 1 << 28;
	s->primary = allowed(control_msr(PRIMARY), p | (chance(85) ? 1u << 31 : 0));
	u32 q = some(0x2117cec) | 1 << 1;
	if (chance(50)) q |= 1 << 12 | 1 << 3 | 1 << 20;
	if (p >> 21 & 1 && chance(30)) q |= 1 << 4;		/* virtual x2APIC */
	s->secondary = (q | 2) & secondary_allowed;
	s->exceptions = random() & 0xffffffff & (chance(50) ? ~0UL : random());
	s->pfec_mask = chance(50) ? 0 : below(32); s->pfec_match = chance(50) ? 0 : below(32);
	s->mask0 = some(0xe005003f) & random(); s->shadow0 = some(0xe005003f);
	s->mask4 = some(0x3767df) & random(); s->shadow4 = some(0x3767df);
	if (chance(50)) s->shadow0 = s->cr0 ^ (some(0x1e) & random());
	if (chance(50)) s->shadow4 = s->cr4 ^ (some(0x3707df) & random() & random());
	s->functions = s->secondary >> 13 & 1 && chance(60);
}

static void random_state(struct setting *s)
{
	s->cpl = chance(55) ? 0 : 3;
	s->code = s->cpl ? USER_CODE : CODE;
	s->cr0 = 0x80000031 | some(0x5000e);
	s->cr3 = (u64)pml4[0];
	s->cr4 = 0x2020 | some(0x3705dc & cr4_allowed);
	if (s->cr4 >> 17 & 1) s->cr3 |= below(4);
	s->rflags = 2 | some(0x3ed5) | (chance(20) ? 1 << 18 : 0);	/* CF PF AF ZF SF IF DF OF IOPL, AC */
	s->rflags &= ~(0x100UL | (chance(70) ? 0x3000 : 0));
}

static void operands(struct setting *s)
{
	int kind = s->form->kind;
	u64 stuff = s->cpl ? USER_STUFF : STUFF, stack = (s->cpl ? USER_STACK : STACK) + 0x800;
	u64 *d = (u64 *)PAGE_OF(stuff) + 64, *k = (u64 *)HPA_OF(stack);
	s->rdi = stuff + 0x200;
	r.rax = chance(50) ? below(5) : random() & 0xffffffff; r.rcx = chance(50) ? below(3) : random() & 0xffff;
	r.rdx = below(8); r.rbx = random() & 0xffff; r.r8 = below(8); r.rsi = s->rdi;
	r.rdx = chance(80) ? 0 : r.rdx;
	for (int i = -16; i < 48; i++) d[i] = chance(30) ? below(5) : chance(30) ? (u64)pages : 0;
	s->targets = below(5);
	for (int i = 0; i < 4; i++) s->target[i] = (u64)pml4[below(2)] | (chance(30) ? below(4) : 0);
	if (kind == PORT_IMM) s->port = s->form->code[1];
	if (kind == PORT || kind == STRING) { u32 p[] = { 0x70 + below(16), 0x80, 0x7ffe + below(3), 0xfffd + below(3), 0x300 + below(64) }; r.rdx = s->port = p[below(5)]; }
	if (kind == STRING) r.rcx = below(3);
	if (kind == MSR) {
		r.rcx = s->msr = msrs[below(sizeof msrs / sizeof *msrs)];
		r.rax = s->msr == 0x277 ? 0x00070406 | (chance(20) ? 2 : 0) : s->msr == 0xc0000080 ? 0xd01 ^ (chance(40) ? 1UL << below(14) : 0) : random() & 0xffffffff;
		r.rdx = s->msr == 0x277 || s->msr == 0xc0000080 ? 0 : chance(50) ? below(0x8000) : random() & 0xffffffff;
	}
	if (kind == CR0) r.rax = d[0] = random_cr0(s->cr0);
	if (kind == CR0 && chance(30)) r.rax = d[0] = random_cr0(s->shadow0);
	if (kind == CR4) r.rax = random_cr4(chance(70) ? s->cr4 : s->shadow4);
	if (kind == CR3) {
		r.rax = (u64)pml4[below(2)] | (chance(30) ? below(4) : 0);
		if (s->targets && chance(50)) r.rax = s->target[below(4)];
		if (chance(15)) r.rax |= 1UL << (40 + below(24));
	}
	if (kind == MEMORY || kind == FIELD) r.rax = s->form->name[0] == 'i' || kind == FIELD ? below(chance(90) ? 5 : 300) : stuff + 8 * below(64);
	if (kind == SELECTOR || kind == ONSTACK) {
		r.rax = k[0] = below(15) * 8 + (chance(40) ? below(4) : 0) * (chance(90) ? 1 : 2);
		if (chance(50)) d[0] = r.rax;
	}
	if (kind == FLAGS) k[0] = random() & (chance(80) ? 0x247ed5 : 0x3f7fd5 & ~0x100);
	if (kind == FRAME) {
		int user = s->cpl || chance(50);
		k[0] = user ? USER_FAR_CODE : FAR_CODE; k[1] = user ? 0x33 : 8; k[2] = 2 | (random() & 0x3ed5 & ~0x100); k[3] = stack + 0x100; k[4] = user ? 0x2b : 0x10;
	}
	if (kind == FIELD) { u32 f[] = { 0x4402, 0x681e, 0x0800, 0x6800, 0x4000, 0x8000, 0x10000, 0x7ffe }; r.rbx = f[below(8)]; }
	if (kind == TABLE) for (int i = -2; i < 10; i++) { ((u16 *)(d + i))[0] = 0xff; }
	if (kind == TABLE) { d[0] = 0x1ff | (u64)(s->form->code[2] & 8 ? IDT : GDT) << 16; d[1] = 0; d[-1] = d[0]; r.r8 = 0; }
	if (kind == FAR) { r.rcx = s->form->name[3] == 'r' ? USER_FAR_CODE : USER_STACK + 0x900; r.rdx = USER_FAR_CODE; r.r11 = 2 | (random() & 0x3ed5 & ~0x100); }
	if (kind == SMALL) { r.rax = below(chance(90) ? 4 : 100); r.rcx = below(chance(90) ? 3 : 1000); r.rdx = 0; }
	if (kind == LINEAR) s->rdi = chance(70) ? random() & 0x7fffffffffff : random();
	else if (kind != STRING && kind != TABLE && chance(12)) s->rdi = chance(60) ? NOWHERE + 0x200 : 0x8000000000001000;
	r.rdi = s->rdi; r.rsi = s->rdi;
	r.rsp = stack;
}

static void bitmaps(struct setting *s)
{
	u8 *tss_map = PAGE_OF(TSS) + 104;
	for (int i = 0; i < 4; i++) {
		u32 p = (s->port + i) & 0xffff, v = chance(30), t = chance(25);
		bit(io_bitmap, p, v); bit(tss_map, p, t);
	}
	s->bits[0] = s->bits[1] = 0;
	for (int i = 0; i < 4; i++) {
		s->bits[0] |= get_bit(io_bitmap, s->port + i & 0xffff) << i;
		s->bits[1] |= get_bit(tss_map, s->port + i) << i;
	}
	int m = msr_index(s->msr);
	if (m >= 0) {
		bit(msr_bitmap, m, chance(40)); bit(msr_bitmap + 2048, m, chance(40));
		s->bits[2] = get_bit(msr_bitmap, m); s->bits[3] = get_bit(msr_bitmap + 2048, m);
	} else s->bits[2] = s->bits[3] = 0;
	u32 f = r.rbx & 0x7fff;
	bit(vmread_bitmap, f, chance(50)); bit(vmwrite_bitmap, f, chance(50));
	s->bits[4] = get_bit(vmread_bitmap, f); s->bits[5] = get_bit(vmwrite_bitmap, f);
	s->bits[6] = virtual_apic[0x80] = below(16) << 4;
	s->threshold = s->primary >> 21 & 1 ? below((s->bits[6] >> 4) + 1) : 0;
}

static int in_memory(const struct setting *s) { return 1 << s->form->kind & (1 << MEMORY | 1 << FIELD | 1 << TABLE | 1 << CR0 | 1 << SELECTOR | 1 << STRING); }
static int on_stack(const struct setting *s) { return 1 << s->form->kind & (1 << FLAGS | 1 << FRAME | 1 << ONSTACK) || s->form->name[0] == 'p'; }

static void print_setting(const struct setting *s)
{
	puts("i "); puts(s->form->name); sp_hex(s->cpl); put(' ');
	for (u64 i = 0; i < s->form->length; i++) { put("0123456789abcdef"[s->form->code[i] >> 4]); put("0123456789abcdef"[s->form->code[i] & 15]); }
	puts("\nv"); sp_hex(s->primary); sp_hex(s->secondary); sp_hex(s->exceptions); sp_hex(s->pfec_mask); sp_hex(s->pfec_match);
	sp_hex(s->mask0); sp_hex(s->shadow0); sp_hex(s->mask4); sp_hex(s->shadow4); sp_hex(s->functions); sp_hex(s->threshold);
	for (u64 i = 0; i < s->targets; i++) sp_hex(s->target[i]);
	puts("\ns"); sp_hex(s->cr0); sp_hex(s->cr3); sp_hex(s->cr4); sp_hex(s->rflags);
	puts("\nr"); sp_hex(r.rax); sp_hex(r.rcx); sp_hex(r.rdx); sp_hex(r.rbx); sp_hex(r.rsp); sp_hex(r.rsi); sp_hex(r.rdi); sp_hex(r.r8); sp_hex(r.r11);
	puts("\nb"); for (int i = 0; i < 7; i++) sp_hex(s->bits[i]);
	u64 *d = (u64 *)PAGE_OF(s->cpl ? USER_STUFF : STUFF) + 64, *k = (u64 *)HPA_OF(r.rsp);
	put('\n');
	if (in_memory(s)) { puts("m"); for (int i = -2; i < 4; i++) sp_hex(d[i]); put('\n'); }
	if (on_stack(s)) { puts("k"); for (int i = 0; i < 5; i++) sp_hex(k[i]); put('\n'); }
}

static void enter(const struct setting *s)
{
	vmwrite(PRIMARY, s->primary); vmwrite(SECONDARY, s->secondary);
	vmwrite(0x4004, s->exceptions); vmwrite(0x4006, s->pfec_mask); vmwrite(0x4008, s->pfec_match);
	vmwrite(0x6000, s->mask0); vmwrite(0x6004, s->shadow0); vmwrite(0x6002, s->mask4); vmwrite(0x6006, s->shadow4);
	vmwrite(0x2018, s->functions); vmwrite(0x401c, s->threshold); vmwrite(0x400a, s->targets);
	for (u64 i = 0; i < 4; i++) vmwrite(0x6008 + 2 * i, s->target[i]);
	vmwrite(0x2800, s->secondary >> 14 & 1 && s->primary >> 31 ? (u64)shadow_vmcs : ~0UL);
	vmwrite(0x6800, s->cr0); vmwrite(0x6802, s->cr3); vmwrite(0x6804, s->cr4); vmwrite(0x6820, s->rflags);
	vmwrite(0x2806, 0xd01); vmwrite(0x681a, 0x400); vmwrite(0x681e, s->code); vmwrite(0x681c, r.rsp);
	vmwrite(0x482e, 200); vmwrite(0x4826, 0); vmwrite(0x4824, 0); vmwrite(0x6822, 0);
	guest_segments(s->cpl);
	vmwrite(0x6814, TSS); vmwrite(0x480e, 104 + 8192);
	vmwrite(0x6816, GDT); vmwrite(0x6818, IDT); vmwrite(0x4810, 0x7f); vmwrite(0x4812, 0x1ff);
	vmwrite(0x482a, 8); vmwrite(0x6824, STACK + 0xe00); vmwrite(0x6826, FAR_CODE);
	if (vm_run(&r, !launched)) { vmread(0x4400); die("entry", vmread(0x4400)); }
	launched = 1;
}

static void done(u64 rip, u64 cs, u64 rflags)
{
	puts("= done"); sp_hex(rip); sp_hex(cs & 0xffff); sp_hex(rflags);
	sp_hex(r.rax); sp_hex(r.rcx); sp_hex(r.rdx); sp_hex(vmread(0x6800)); sp_hex(vmread(0x6802)); sp_hex(vmread(0x6804)); sp_hex(virtual_apic[0x80]);
}

static void outcome(const struct setting *s)
{
	u64 reason = vmread(0x4402), rip = vmread(0x681e), info = vmread(0x4404);
	if (reason == 18 && rip >= HANDLERS && rip < HANDLERS + 512) {
		u64 *frame = (u64 *)HPA_OF(vmread(0x681c)), vector = rip - HANDLERS >> 4, error = 0;
		int coded = vector == 8 || (vector >= 10 && vector <= 14) || vector == 17;
		if (coded) error = *frame++;
		if (vector == 6 && frame[0] != s->code) done(frame[0] - s->code, frame[1], frame[2]);
		else if (vector == 6 && s->form->name[0] == 'u') { puts("= fault 6 - delivered 0"); }
		else {
			puts("= fault"); sp_hex(vector);
			if (coded) sp_hex(error); else puts(" -");
			puts(" delivered"); sp_hex(frame[0] - s->code);
		}
	} else if (reason == 0 && (info & 0xff) == 6 && rip != s->code) {
		done(rip - s->code, vmread(0x802), vmread(0x6820));
	} else if (reason == 0) {
		puts("= fault"); sp_hex(info & 0xff);
		if (info >> 11 & 1) sp_hex(vmread(0x4406)); else puts(" -");
		puts(" exits"); sp_hex(rip - s->code); sp_hex(info); sp_hex(vmread(0x6400)); sp_hex(vmread(0x440c));
	} else {
		puts("= exit"); sp_hex(reason); sp_hex(vmread(0x6400)); sp_hex(vmread(0x440c)); sp_hex(vmread(0x440e)); sp_hex(vmread(0x640a));
		sp_hex(rip - s->code); sp_hex(vmread(0x4826));
	}
	put('\n');
	u64 *d = (u64 *)PAGE_OF(s->cpl ? USER_STUFF : STUFF) + 64, *k = (u64 *)HPA_OF(s->cpl ? USER_STACK + 0x800 : STACK + 0x800);
	if (in_memory(s)) { puts("M"); for (int i = -2; i < 4; i++) sp_hex(d[i]); put('\n'); }
	if (on_stack(s)) { puts("K"); sp_hex(k[-1]); put('\n'); }
}

static void descriptor(int n, u64 v) { ((u64 *)PAGE_OF(GDT))[n] = v; }
#define TASK (0x0000890000000067 | (u64)TSS << 16)

static void one(const struct form *f)
{
	static u64 keep[8];
	static const u32 kept[8] = { 0xc0000081, 0xc0000082, 0xc0000084, 0xc0000102, 0xc0000103, 0x277, 0x1d9, 0x10 };
	struct setting s = { .form = f, .msr = 0x2000 };
	s.port = 0x300;
	for (int i = 0; i < 7; i++) keep[i] = rdmsr(kept[i]);
	random_state(&s);
	random_controls(&s);
	operands(&s);
	bitmaps(&s);
	descriptor(13, TASK);				/* LTR may have made it busy */
	if (f->name[0] == 's' && f->name[1] == 'y') s.exceptions |= 1 << 6;	/* they leave a stack that no handler could use */
	u8 *code = PAGE_OF(s.code);
	for (u64 i = 0; i < f->length; i++) code[i] = f->code[i];
	code[f->length] = 0x0f; code[f->length + 1] = 0x0b;
	print_setting(&s);
	enter(&s);
	outcome(&s);
	for (int i = 0; i < 7; i++) wrmsr(kept[i], keep[i]);
	write_cr0(read_cr0() & ~0x60000000UL);		/* neither exits nor entries change CD and NW */
}

static void guest_pages(void)
{
	pml4[0][0] = pml4[1][0] = (u64)pdpt | 0x27; pdpt[0] = (u64)pd | 0x27; pd[0] = (u64)pt | 0x27;
	for (int i = 0; i < 14; i++) {
		u64 gva = (16 + i) << 12;
		int user = gva == USER_CODE || gva == USER_STACK || gva == USER_STUFF || gva == USER_FAR_CODE;
		pt[16 + i] = (u64)pages[i] | 0x63 | user << 2;
	}
	for (int i = 0; i < 4096; i++) PAGE_OF(HANDLERS)[i] = handlers[i];
	for (u64 i = 0; i < 32; i++) {
		u64 a = HANDLERS + 16 * i, dpl = i == 3 || i == 0x15 ? 3 : 0;
		((u64 *)PAGE_OF(IDT))[2 * i] = (a & 0xffff) | 8 << 16 | (0x8e00UL | dpl << 13) << 32 | (a >> 16) << 48;
	}
	for (int i = 0; i < 7; i++) descriptor(i, ((u64 *)gdt)[i]);
	descriptor(3, 0x00008b0000002068 | (u64)TSS << 16); descriptor(4, 0);
	descriptor(7, 0x00cff1000000ffff);			/* 38 data, DPL 3, read-only */
	descriptor(8, 0x00af9f000000ffff);			/* 40 code, conforming, DPL 0 */
	descriptor(9, 0x00aff9000000ffff);			/* 48 code, execute only, DPL 3 */
	descriptor(10, 0x00cf13000000ffff);			/* 50 data, not present */
	descriptor(11, 0x0000820000000007 | (u64)STUFF << 16); descriptor(12, 0);	/* 58 LDT */
	descriptor(13, TASK); descriptor(14, 0);	/* 68 TSS, available */
	*(u64 *)(PAGE_OF(TSS) + 4) = STACK + 0xf00; *(u16 *)(PAGE_OF(TSS) + 102) = 104;
	for (int i = 0; i < 4096; i += 2) *(u16 *)(PAGE_OF(FAR_CODE) + i) = *(u16 *)(PAGE_OF(USER_FAR_CODE) + i) = 0x0b0f;
	for (int i = 0; i < 15; i++) { puts("gdt"); sp_hex(i * 8); sp_hex(((u64 *)PAGE_OF(GDT))[i]); put('\n'); }
}

static void setup_vmcs(void)
{
	ept4[0] = (u64)ept3 | 7; ept3[0] = (u64)ept2 | 7;
	for (u64 i = 0; i < 16; i++) ept2[i] = i << 21 | 0xb7;
	eptp = (u64)ept4 | 3 << 3 | 6; eptp_list[0] = eptp; eptp_list[1] = eptp | 1 << 8;
	vmwrite(PIN, allowed(control_msr(PIN), 1 << 6));
	vmwrite(EXIT, allowed(control_msr(EXIT), 1 << 9 | 1 << 20 | 1 << 21));
	vmwrite(ENTRY, allowed(control_msr(ENTRY), 1 << 9 | 1 << 15));
	vmwrite(0x400e, 0); vmwrite(0x4010, 0); vmwrite(0x4014, 0); vmwrite(0x4016, 0);
	vmwrite(0x2000, (u64)io_bitmap); vmwrite(0x2002, (u64)io_bitmap + 4096); vmwrite(0x2004, (u64)msr_bitmap);
	vmwrite(0x2012, (u64)virtual_apic); vmwrite(0x201a, eptp); vmwrite(0x2024, (u64)eptp_list);
	vmwrite(0x2026, (u64)vmread_bitmap); vmwrite(0x2028, (u64)vmwrite_bitmap);
	vmwrite(0x2010, 0); vmwrite(0, 1); vmwrite(0x4020, 0x40000000); vmwrite(0x4022, 0x40000000);
	vmwrite(0x2802, 0);
	if (secondary_allowed >> 20 & 1) vmwrite(0x202c, 0);
	if (secondary_allowed >> 25 & 1) vmwrite(0x2032, 1UL << 48);
	if (secondary_allowed >> 15 & 1) vmwrite(0x202e, 0);
	*(u32 *)shadow_vmcs = (u32)rdmsr(0x480) | 1u << 31;
	host_state();
}

void image_main(void)
{
	u32 cpu[4];
	begin("instructions");
	cpuid(1, 0, cpu);
	int rounds = cpu[0] == 0x50654 ? 60 : 16;		/* Skylake-X; the others add little */
	load_idt();
	secondary_allowed = rdmsr(0x48b) >> 32; cr4_allowed = rdmsr(0x489);
	wrmsr(0xc0000081, 0x23UL << 48 | 8UL << 32); wrmsr(0xc0000082, FAR_CODE); wrmsr(0xc0000084, 0x200);
	start_vmx();
	guest_pages();
	setup_vmcs();
	for (int n = 0; n < rounds; n++)
		for (const struct form *f = forms; f < forms_end; f++) one(f);
	end();
}
