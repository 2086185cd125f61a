/* From multiboot state (flat 32-bit protected mode) to 64-bit mode, then image_main(). */
	.set	MAGIC, 0x1badb002
	.section .boot, "ax"
	.code32
	.align	4
	.long	MAGIC, 0, -MAGIC
	.globl	_start
_start:
	cli
	movl	$stack_top, %esp
	movl	$host_pd, %edi			/* 0..1 GiB: supervisor, identical, 2 MiB pages */
	movl	$0x83, %eax
	movl	$512, %ecx
1:	movl	%eax, (%edi)
	addl	$0x200000, %eax
	addl	$8, %edi
	decl	%ecx
	jnz	1b
	movl	$host_pd + 3, host_pdpt
	movl	$user_pd + 7, host_pdpt + 8	/* 1 GiB: the page of code for CPL 3 */
	movl	$user_pt + 7, user_pd
	movl	$user_page + 5, user_pt
	movl	$host_pdpt + 7, host_pml4
	movl	$host_pml4, %eax
	movl	%eax, %cr3
	movl	$0x620, %eax			/* CR4: PAE, OSFXSR, OSXMMEXCPT */
	movl	%eax, %cr4
	movl	$0xc0000080, %ecx		/* EFER: LME, NXE, SCE */
	rdmsr
	orl	$0x901, %eax
	wrmsr
	movl	%cr0, %eax
	andl	$0x9fffffff, %eax
	orl	$0x80010033, %eax		/* PG WP NE ET MP PE */
	movl	%eax, %cr0
	lgdt	gdtr
	ljmp	$8, $start64
	.code64
start64:
	movl	$0x10, %eax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movw	%ax, %fs
	movw	%ax, %gs
	movl	$tss, %eax
	movw	%ax, gdt + 0x18 + 2
	shrl	$16, %eax
	movb	%al, gdt + 0x18 + 4
	movb	%ah, gdt + 0x18 + 7
	movl	$0x18, %eax
	ltr	%ax
	call	image_main
2:	hlt
	jmp	2b

/* void vm_run(struct registers *r, int launch): returns 0 after a VM exit, else the RFLAGS of a VMfail. */
	.text
	.globl	vm_run, vm_exit
vm_run:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rdi
	movl	$0x6c14, %eax			/* host RSP */
	vmwrite	%rsp, %rax
	cmpl	$0, %esi
	movq	0(%rdi), %rax
	movq	8(%rdi), %rcx
	movq	16(%rdi), %rdx
	movq	24(%rdi), %rbx
	movq	40(%rdi), %rbp
	movq	48(%rdi), %rsi
	movq	64(%rdi), %r8
	movq	72(%rdi), %r9
	movq	80(%rdi), %r10
	movq	88(%rdi), %r11
	movq	96(%rdi), %r12
	movq	104(%rdi), %r13
	movq	112(%rdi), %r14
	movq	120(%rdi), %r15
	movq	56(%rdi), %rdi
	je	1f
	vmlaunch
	jmp	2f
1:	vmresume
2:	pushfq
	popq	%rax
	popq	%rdi
	jmp	3f
vm_exit:
	xchgq	%rdi, (%rsp)
	movq	%rax, 0(%rdi)
	movq	%rcx, 8(%rdi)
	movq	%rdx, 16(%rdi)
	movq	%rbx, 24(%rdi)
	movq	%rbp, 40(%rdi)
	movq	%rsi, 48(%rdi)
	movq	%r8, 64(%rdi)
	movq	%r9, 72(%rdi)
	movq	%r10, 80(%rdi)
	movq	%r11, 88(%rdi)
	movq	%r12, 96(%rdi)
	movq	%r13, 104(%rdi)
	movq	%r14, 112(%rdi)
	movq	%r15, 120(%rdi)
	popq	%rax
	movq	%rax, 56(%rdi)
	xorl	%eax, %eax
3:	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret

/* void attempt(struct attempt *a): runs code that ends in an exception, natively; see machine.h. */
	.globl	attempt
attempt:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rdi, attempt_now
	movq	%rsp, tss + 4			/* RSP0 */
	movq	%rsp, attempt_rsp
	movq	%rdi, %r15
	movq	8(%r15), %rax			/* flags, CPL */
	cmpl	$3, 16(%r15)
	je	1f
	pushq	$0x10
	pushq	attempt_rsp
	pushq	%rax
	pushq	$8
	jmp	2f
1:	pushq	$0x2b
	pushq	attempt_rsp
	pushq	%rax
	pushq	$0x33
2:	pushq	0(%r15)				/* RIP */
	movq	24(%r15), %rax
	movq	32(%r15), %rdi
	movq	40(%r15), %rcx
	movq	48(%r15), %rdx
	movq	56(%r15), %rbx
	iretq
attempt_done:					/* stack: vector, error code, RIP, CS, RFLAGS, ... */
	pushq	%r15
	movq	attempt_now, %r15
	movq	%rax, 24(%r15)
	movq	%rdi, 32(%r15)
	movq	%rcx, 40(%r15)
	movq	%rdx, 48(%r15)
	movq	%rbx, 56(%r15)
	movq	8(%rsp), %rax
	movq	%rax, 64(%r15)
	movq	16(%rsp), %rax
	movq	%rax, 72(%r15)
	movq	24(%rsp), %rax
	movq	%rax, 0(%r15)
	movq	40(%rsp), %rax
	movq	%rax, 8(%r15)
	movq	%cr2, %rax
	movq	%rax, 80(%r15)
	movq	attempt_rsp, %rsp
	pushq	$2				/* EFLAGS.AC and all else back to 0 */
	popfq
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret

/* Entries of the interrupt table: 16 bytes of code for each of 32 vectors. */
	.globl	vectors
	.align	16
vectors:
	.set	vector, 0
	.rept	32
	.align	16
	.if	(vector != 8) && (vector < 10 || vector > 14) && (vector != 17)
	pushq	$0
	.endif
	pushq	$vector
	jmp	attempt_done
	.set	vector, vector + 1
	.endr

	.data
	.align	16
	.globl	gdt, tss
gdt:	.quad	0
	.quad	0x00af9b000000ffff		/* 08 code 64 */
	.quad	0x00cf93000000ffff		/* 10 data */
	.quad	0x0000890000000067, 0		/* 18 TSS, base patched */
	.quad	0x00cff3000000ffff		/* 28 user data */
	.quad	0x00affb000000ffff		/* 30 user code 64 */
gdtr:	.word	gdtr - gdt - 1
	.quad	gdt
	.align	16
tss:	.fill	104, 1, 0
attempt_now: .quad 0
attempt_rsp: .quad 0
	.bss
	.globl	host_pml4, host_pdpt
	.align	4096
host_pml4: .skip 4096
host_pdpt: .skip 4096
host_pd: .skip	4096
user_pd: .skip	4096
user_pt: .skip	4096
	.skip	16384
stack_top:
	.section .note.GNU-stack, "", @progbits
