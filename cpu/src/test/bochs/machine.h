/* What all images share: output, processor registers, VMX instructions, random numbers. */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
#define PAGE __attribute__((aligned(4096)))

struct registers { u64 rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15; };

/* Code to run natively until its exception. In: all but the last three. Out: all. */
struct attempt { u64 rip, rflags, cpl, rax, rdi, rcx, rdx, rbx, vector, error, cr2; };

extern char gdt[], tss[], vm_exit[], vectors[], host_pml4[], host_pdpt[], user_page[];
#define USER_GVA 0x40000000UL			/* where user_page is for CPL 3, natively */
extern u64 vm_run(struct registers *r, int launch);
extern void attempt(struct attempt *a);

static inline void outb(u16 p, u8 v) { asm volatile("outb %0,%1" : : "a"(v), "Nd"(p)); }
static inline u64 rdmsr(u32 m) { u32 a, d; asm volatile("rdmsr" : "=a"(a), "=d"(d) : "c"(m)); return a | (u64)d << 32; }
static inline void wrmsr(u32 m, u64 v) { asm volatile("wrmsr" : : "c"(m), "a"((u32)v), "d"((u32)(v >> 32)) : "memory"); }
static inline u64 read_cr0(void) { u64 v; asm volatile("mov %%cr0,%0" : "=r"(v)); return v; }
static inline u64 read_cr3(void) { u64 v; asm volatile("mov %%cr3,%0" : "=r"(v)); return v; }
static inline u64 read_cr4(void) { u64 v; asm volatile("mov %%cr4,%0" : "=r"(v)); return v; }
static inline void write_cr0(u64 v) { asm volatile("mov %0,%%cr0" : : "r"(v) : "memory"); }
static inline void write_cr3(u64 v) { asm volatile("mov %0,%%cr3" : : "r"(v) : "memory"); }
static inline void write_cr4(u64 v) { asm volatile("mov %0,%%cr4" : : "r"(v) : "memory"); }
static inline void write_pkru(u32 v) { asm volatile(".byte 0x0f,0x01,0xef" : : "a"(v), "c"(0), "d"(0)); }
static inline void cpuid(u32 leaf, u32 sub, u32 r[4]) { asm volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3]) : "a"(leaf), "c"(sub)); }

void put(char c);
void puts(const char *s);
void hex(u64 v);				/* no leading zeros */
void sp_hex(u64 v);				/* a space, then the number */
void begin(const char *image);			/* first line, then the capabilities */
void end(void) __attribute__((noreturn));	/* last line; stops the machine */
void die(const char *why, u64 v) __attribute__((noreturn));

u64 random(void);
u32 below(u32 n);				/* 0 .. n-1 */
int chance(u32 percent);

/* RFLAGS of the VMX instruction: 0x1 CF, 0x40 ZF */
u64 vmread_flags(u64 field, u64 *v);
u64 vmwrite_flags(u64 field, u64 v);
u64 vmread(u64 field);
void vmwrite(u64 field, u64 v);
u32 allowed(u32 control_msr, u32 want);		/* what the capability MSR makes of the wanted bits */
void start_vmx(void);				/* VMXON, VMCLEAR, VMPTRLD of vmcs_region */
void load_idt(void);				/* all 32 vectors end an attempt */
void host_state(void);				/* writes the host area of the VMCS */
void guest_segments(int cpl);			/* flat 64-bit code and data */
extern u8 vmxon_region[], vmcs_region[];
enum { PIN = 0x4000, PRIMARY = 0x4002, SECONDARY = 0x401e, EXIT = 0x400c, ENTRY = 0x4012 };
u32 control_msr(u32 field);			/* of a control word; the TRUE one where there is one */
