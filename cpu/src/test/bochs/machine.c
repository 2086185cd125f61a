#include "machine.h"

u8 PAGE vmxon_region[4096], PAGE vmcs_region[4096];
static u64 idt[32][2];
static u64 seed = 0x9e3779b97f4a7c15;

void put(char c) { outb(0xe9, c); }
void puts(const char *s) { while (*s) put(*s++); }
void hex(u64 v)
{
	int n = 1;
	while (n < 16 && v >> 4 * n) n++;
	while (n--) put("0123456789abcdef"[v >> 4 * n & 15]);
}
void sp_hex(u64 v) { put(' '); hex(v); }

static void stop(void)
{
	for (const char *s = "Shutdown"; *s; s++) outb(0x8900, *s);
	for (;;) asm volatile("hlt");
}
void end(void) { puts("end\n"); stop(); __builtin_unreachable(); }
void die(const char *why, u64 v) { puts("DIE "); puts(why); sp_hex(v); put('\n'); stop(); __builtin_unreachable(); }

void begin(const char *image)
{
	u32 r[4];
	puts("begin "); puts(image); put('\n');
	cpuid(0x80000008, 0, r);
	puts("physical_width"); sp_hex(r[0] & 0xff); put('\n');
	cpuid(7, 0, r);
	puts("cpuid7"); sp_hex(r[1]); sp_hex(r[2]); sp_hex(r[3]); put('\n');
	cpuid(1, 0, r);
	puts("cpuid1"); sp_hex(r[0]); sp_hex(r[2]); sp_hex(r[3]); put('\n');
	seed ^= r[0];				/* other CPU models get other cases */
	if (r[2] >> 5 & 1)
		for (u32 m = 0x480; m <= 0x491; m++) { puts("msr"); sp_hex(m); sp_hex(rdmsr(m)); put('\n'); }
}

u64 random(void)
{
	seed ^= seed << 13; seed ^= seed >> 7; seed ^= seed << 17;
	return seed * 0x2545f4914f6cdd1d;
}
u32 below(u32 n) { return (u32)((random() >> 32) * n >> 32); }
int chance(u32 percent) { return below(100) < percent; }

u64 vmread_flags(u64 field, u64 *v)
{
	u64 f, x = 0;
	asm volatile("vmread %3,%1; pushfq; popq %0" : "=r"(f), "=r"(x) : "1"(x), "r"(field) : "cc", "memory");
	*v = x; return f & 0x8d5;
}
u64 vmwrite_flags(u64 field, u64 v)
{
	u64 f;
	asm volatile("vmwrite %1,%2; pushfq; popq %0" : "=r"(f) : "r"(v), "r"(field) : "cc", "memory");
	return f & 0x8d5;
}
u64 vmread(u64 field) { u64 v; if (vmread_flags(field, &v)) die("vmread", field); return v; }
void vmwrite(u64 field, u64 v) { if (vmwrite_flags(field, v)) die("vmwrite", field); }

u32 control_msr(u32 field)
{
	int t = rdmsr(0x480) >> 55 & 1 ? 0xc : 0;
	switch (field) {
	case PIN: return 0x481 + t;
	case PRIMARY: return 0x482 + t;
	case EXIT: return 0x483 + t;
	case ENTRY: return 0x484 + t;
	default: return 0x48b;
	}
}
u32 allowed(u32 msr, u32 want) { u64 c = rdmsr(msr); return (want | (u32)c) & (u32)(c >> 32); }

void load_idt(void)
{
	struct { u16 limit; u64 base; } __attribute__((packed)) r = { sizeof idt - 1, (u64)idt };
	for (int i = 0; i < 32; i++) {
		u64 a = (u64)vectors + 16 * i;
		idt[i][0] = (a & 0xffff) | 8 << 16 | 0x8e00UL << 32 | (a >> 16 & 0xffff) << 48;
		idt[i][1] = a >> 32;
	}
	asm volatile("lidt %0" : : "m"(r));
}

void start_vmx(void)
{
	u64 p; u8 e;
	write_cr4(read_cr4() | 1 << 13);
	if (!(rdmsr(0x3a) & 1)) wrmsr(0x3a, 5);
	*(u32 *)vmxon_region = *(u32 *)vmcs_region = rdmsr(0x480);
	p = (u64)vmxon_region;
	asm volatile("vmxon %1; setbe %0" : "=qm"(e) : "m"(p) : "cc", "memory"); if (e) die("vmxon", p);
	p = (u64)vmcs_region;
	asm volatile("vmclear %1; setbe %0" : "=qm"(e) : "m"(p) : "cc", "memory"); if (e) die("vmclear", p);
	asm volatile("vmptrld %1; setbe %0" : "=qm"(e) : "m"(p) : "cc", "memory"); if (e) die("vmptrld", p);
}

void host_state(void)
{
	vmwrite(0x6c00, read_cr0()); vmwrite(0x6c02, read_cr3()); vmwrite(0x6c04, read_cr4());
	for (int i = 0; i < 6; i++) vmwrite(0xc00 + 2 * i, i == 1 ? 8 : 0x10);
	vmwrite(0xc0c, 0x18);
	vmwrite(0x6c06, 0); vmwrite(0x6c08, 0);
	vmwrite(0x6c0a, (u64)tss); vmwrite(0x6c0c, (u64)gdt); vmwrite(0x6c0e, (u64)idt);
	vmwrite(0x4c00, 0); vmwrite(0x6c10, 0); vmwrite(0x6c12, 0);
	vmwrite(0x2c00, 0x0007040600070406); vmwrite(0x2c02, rdmsr(0xc0000080));
	vmwrite(0x6c16, (u64)vm_exit);
}

void guest_segments(int cpl)
{
	for (int i = 0; i < 8; i++) {		/* ES CS SS DS FS GS LDTR TR */
		int user = cpl << 5 | cpl;	/* DPL of the descriptor, in place; RPL below */
		u16 selector = i == 6 ? 0 : i == 7 ? 0x18 : i == 1 ? (cpl ? 0x33 : 8) : cpl ? 0x2b : 0x10;
		vmwrite(0x800 + 2 * i, selector);
		vmwrite(0x4800 + 2 * i, i == 7 ? 0x67 : i == 6 ? 0 : 0xffffffff);
		vmwrite(0x4814 + 2 * i, i == 7 ? 0x8b : i == 6 ? 0x10000 : (i == 1 ? 0xa09b : 0xc093) | (user & 0x60));
		vmwrite(0x6806 + 2 * i, i == 7 ? (u64)tss : 0);
	}
}
