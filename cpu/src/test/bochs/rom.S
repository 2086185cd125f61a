/* The reset ROM: real mode, then flat 32-bit protected mode, then the image's entry point (multiboot state). */
	.code16
	.text
	.globl	_rom
_rom:
start16:
	cli
	cld
	lgdtl	%cs:gdtr
	movl	%cr0, %eax
	andl	$0x9fffffff, %eax		/* CD = NW = 0, as firmware leaves it */
	orl	$1, %eax
	movl	%eax, %cr0
	ljmpl	$8, $(start32 + 0xf0000)
	.code32
start32:
	movw	$16, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movl	$0x2badb002, %eax
	movl	0xf7ffc, %ecx			/* entry point, put there by rom.py */
	jmp	*%ecx
	.align	8
gdt:	.quad	0, 0x00cf9b000000ffff, 0x00cf93000000ffff
gdtr:	.word	23
	.long	gdt + 0xf0000
	.org	0xfff0
	.code16
	ljmp	$0xf000, $start16
	.org	0x10000
