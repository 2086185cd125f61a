/* The instructions, one form a row: name, code, and what kind of operands its registers get (instructions.c). */
	.set	NONE, 0
	.set	PORT, 1		/* DX, and AL/AX/EAX */
	.set	PORT_IMM, 2
	.set	MSR, 3		/* ECX */
	.set	CR0, 4		/* RAX: a value for CR0 */
	.set	CR3, 5
	.set	CR4, 6
	.set	MEMORY, 7	/* RDI: where the operand is; RAX: type, 0 to 4 */
	.set	SELECTOR, 8	/* AX */
	.set	FLAGS, 9	/* on the stack: RFLAGS */
	.set	FRAME, 10	/* on the stack: what IRETQ takes */
	.set	FIELD, 11	/* RBX: a VMCS field; RAX: value; RDI: memory */
	.set	TABLE, 12	/* RDI: limit and base */
	.set	FAR, 13		/* RCX, RDX: where SYSRET and SYSEXIT go */
	.set	SMALL, 14	/* EAX, ECX: 0 to 3, seldom more */
	.set	STRING, 15	/* DX, RSI = RDI, RCX: 0 to 2 */
	.set	LINEAR, 16	/* RDI: any address */
	.set	ONSTACK, 17	/* on the stack: a selector */
	.macro	row name, kind, code:vararg
	.section .rodata
9:	.asciz	"\name"
	.section .forms, "a"
	.quad	9b, 7f, 8f - 7f, \kind
	.text
7:	\code
8:
	.endm

	.section .forms, "a"
	.globl	forms, forms_end
	.align	8
forms:
	row	cpuid, SMALL, cpuid
	row	hlt, NONE, hlt
	row	invd, NONE, invd
	row	wbinvd, NONE, wbinvd
	row	invlpg, LINEAR, invlpg (%rdi)
	row	invlpg, LINEAR, invlpg 0x1234(%rdi)
	row	invlpg, LINEAR, invlpg %fs:(%rdi)
	row	invpcid, MEMORY, invpcid (%rdi), %rax
	row	invpcid, MEMORY, invpcid -16(%rdi,%r8,2), %rax
	row	in, PORT, inb (%dx), %al
	row	in, PORT, inw (%dx), %ax
	row	in, PORT, inl (%dx), %eax
	row	in, PORT_IMM, inb $0x71, %al
	row	in, PORT_IMM, inl $0x7d, %eax
	row	out, PORT, outb %al, (%dx)
	row	out, PORT, outw %ax, (%dx)
	row	out, PORT, outl %eax, (%dx)
	row	out, PORT_IMM, outb %al, $0x71
	row	ins, STRING, insb
	row	ins, STRING, rep insw
	row	outs, STRING, outsl
	row	outs, STRING, rep outsb
	row	lgdt, TABLE, lgdt (%rdi)
	row	lidt, TABLE, lidt -8(%rdi,%r8)
	row	sgdt, MEMORY, sgdt (%rdi)
	row	sidt, MEMORY, sidt 0x10(%rdi)
	row	lldt, SELECTOR, lldt %ax
	row	lldt, SELECTOR, lldt (%rdi)
	row	ltr, SELECTOR, ltr %ax
	row	sldt, SELECTOR, sldt %eax
	row	sldt, SELECTOR, sldt (%rdi)
	row	str, SELECTOR, str %rax
	row	str, SELECTOR, str 4(%rdi)
	row	smsw, MEMORY, smsw %rax
	row	smsw, MEMORY, smsw %eax
	row	smsw, MEMORY, smsw (%rdi)
	row	lmsw, CR0, lmsw %ax
	row	lmsw, CR0, lmsw (%rdi)
	row	clts, NONE, clts
	row	mov_to_cr0, CR0, movq %rax, %cr0
	row	mov_to_cr0, CR0, movq %rax, %cr0
	row	mov_to_cr3, CR3, movq %rax, %cr3
	row	mov_to_cr3, CR3, movq %rax, %cr3
	row	mov_to_cr4, CR4, movq %rax, %cr4
	row	mov_to_cr4, CR4, movq %rax, %cr4
	row	mov_to_cr8, SMALL, movq %rax, %cr8
	row	mov_from_cr0, NONE, movq %cr0, %rax
	row	mov_from_cr3, NONE, movq %cr3, %rax
	row	mov_from_cr3, NONE, movq %cr3, %r10
	row	mov_from_cr4, NONE, movq %cr4, %rax
	row	mov_from_cr8, NONE, movq %cr8, %rax
	row	mov_to_cr2, LINEAR, movq %rdi, %cr2
	row	mov_from_cr2, NONE, movq %cr2, %rax
	row	mov_to_dr, LINEAR, movq %rdi, %db0
	row	mov_to_dr, SMALL, movq %rax, %db4
	row	mov_to_dr, SMALL, movq %rax, %db6
	row	mov_from_dr, NONE, movq %db7, %rax
	row	mov_from_dr, NONE, movq %db5, %r9
	row	monitor, MEMORY, monitor %rax, %rcx, %rdx
	row	mwait, SMALL, mwait %rax, %rcx
	row	pause, NONE, pause
	row	pushf, NONE, pushfq
	row	popf, FLAGS, popfq
	row	popf, FLAGS, popfq
	row	cli, NONE, cli
	row	sti, NONE, sti
	row	rdmsr, MSR, rdmsr
	row	rdmsr, MSR, rdmsr
	row	wrmsr, MSR, wrmsr
	row	wrmsr, MSR, wrmsr
	row	rdpmc, SMALL, rdpmc
	row	rdtsc, NONE, rdtsc
	row	rdtscp, NONE, rdtscp
	row	rdpid, NONE, rdpid %rax
	row	rdrand, NONE, rdrand %rax
	row	rdrand, NONE, rdrand %r11d
	row	rdseed, NONE, rdseed %edx
	row	rsm, NONE, rsm
	row	syscall, NONE, syscall
	row	sysret, FAR, sysretq
	row	sysenter, NONE, sysenter
	row	sysexit, FAR, sysexitq
	row	swapgs, NONE, swapgs
	row	vmcall, NONE, vmcall
	row	vmxon, MEMORY, vmxon (%rdi)
	row	vmxoff, NONE, vmxoff
	row	vmclear, MEMORY, vmclear 8(%rdi,%r8,4)
	row	vmptrld, MEMORY, vmptrld 0x100(%rdi)
	row	vmptrst, MEMORY, vmptrst (%rdi)
	row	vmlaunch, NONE, vmlaunch
	row	vmresume, NONE, vmresume
	row	vmread, FIELD, vmread %rbx, %rax
	row	vmread, FIELD, vmread %rbx, (%rdi)
	row	vmwrite, FIELD, vmwrite %rax, %rbx
	row	vmwrite, FIELD, vmwrite 8(%rdi), %rbx
	row	invept, MEMORY, invept (%rdi), %rax
	row	invvpid, MEMORY, invvpid (%rdi,%r8,8), %rax
	row	vmfunc, SMALL, vmfunc
	row	getsec, SMALL, getsec
	row	xsetbv, SMALL, xsetbv
	row	xgetbv, SMALL, xgetbv
	row	xsaves, MEMORY, xsaves (%rdi)
	row	xrstors, MEMORY, xrstors (%rdi)
	row	verr, SELECTOR, verr %ax
	row	verw, SELECTOR, verw %ax
	row	lar, SELECTOR, lar %ax, %eax
	row	lsl, SELECTOR, lsl %ax, %eax
	row	push_fs, NONE, pushq %fs
	row	pop_fs, ONSTACK, popq %fs
	row	mov_from_sreg, NONE, movl %cs, %eax
	row	mov_to_sreg, SELECTOR, movl %eax, %gs
	row	int, NONE, int $0x15
	row	int3, NONE, int3
	row	int1, NONE, .byte 0xf1
	row	ud2, NONE, ud2
	row	iret, FRAME, iretq
	row	iret, FRAME, iretq
	row	encls, NONE, encls
	row	clac, NONE, clac
	row	stac, NONE, stac
	row	read, MEMORY, movq (%rdi), %rax
	row	write, MEMORY, movq %rax, (%rdi)
	.section .forms, "a"
forms_end:

/* Handlers of the guest's interrupts: tell the host, with all as it was. */
	.text
	.globl	handlers, user_page
	.align	4096
handlers:
	.rept	32
	.align	16
	vmcall
	.endr
	.align	4096
user_page:
	.skip	4096
	.section .note.GNU-stack, "", @progbits
