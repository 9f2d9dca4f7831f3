	.text
	.globl asm_function
	.def asm_function; .scl 2; .type 32; .endef
asm_function:
	leal 5(%rcx), %eax
	nop
	ret
