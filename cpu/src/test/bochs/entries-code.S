/* What every guest executes once it was entered: VMCALL. */
	.globl	guest_code, user_page
	.text
	.align	4096
guest_code:
	.rept	1000
	vmcall
	.endr
	.align	4096
user_page:					/* operations in root mode, 32 bytes each, in the order of operations[] */
	.macro	form code:vararg
	\code
	ud2
	.balign	32
	.endm
	form	vmclear (%rdi)
	form	vmptrld (%rdi)
	form	vmptrst (%rdi)
	form	vmread %rbx, %rax
	form	vmwrite %rax, %rbx
	form	vmlaunch
	form	vmresume
	movl	%ecx, %ss
	form	vmlaunch
	movl	%ecx, %ss
	form	vmresume
	form	vmxon (%rdi)
	form	invept (%rdi), %rax
	form	invvpid (%rdi), %rax
	form	vmfunc
	.org	user_page + 4096
	.section .note.GNU-stack, "", @progbits
