/* Code that makes the access. The page is global, so that it stays translated when CR3 changes. */
	.globl	user_page, guest_code
	.text
	.align	4096
user_page:					/* natively: CPL 0 and 3 */
	movq	(%rdi), %rax
	ud2
	.org	user_page + 16
	movq	%rax, (%rdi)
	ud2
	.org	user_page + 32			/* in the guest at CPL 3: to CPL 0 for CR3, and back */
	syscall
	movq	(%rdi), %rax
	ud2
	.org	user_page + 48
	syscall
	movq	%rax, (%rdi)
	ud2
	.org	user_page + 4096
guest_code:					/* in the guest at CPL 0 */
	movq	%rbx, %cr3
	movq	(%rdi), %rax
	ud2
	.org	guest_code + 16
	movq	%rbx, %cr3
	movq	%rax, (%rdi)
	ud2
	.org	guest_code + 32
	movq	%rbx, %cr3
	sysretq
	.org	guest_code + 4096
	.section .note.GNU-stack, "", @progbits
