# x64: the unwind tables are written by hand to have every form of chain, as
# Microsoft's linker lays them out: parts do not overlap.
	.text
	.globl	Chained
	.p2align 4, 0xcc
Chained:
	subq	$40, %rsp
.Lprologue:
	callq	*%rcx
	testl	%eax, %eax
	jne	.Lcold
.Lsecond:
	pushq	%rbx
.Lpushed:
	movl	%eax, %ebx
	callq	*%rcx
	popq	%rbx
	addq	$40, %rsp
	retq
.Lend:

# An export without an entry in the function table; a function that is not
# exported and has one begins behind it.
	.globl	BareLabel
	.p2align 4, 0xcc
BareLabel:
	movl	%ecx, %eax
	retq
	.p2align 4, 0xcc
.Lhidden:
	subq	$40, %rsp
.Lhiddenprologue:
	callq	*%rcx
	addq	$40, %rsp
	retq
.Lhiddenend:

# The third and the fourth part of Chained, far from it.
	.p2align 4, 0xcc
.Lcold:
	callq	*%rcx
	jmp	.Lsecond
.Lcoldend:
	.p2align 4, 0xcc
.Lindirect:
	callq	*%rcx
	jmp	.Lsecond
.Lindirectend:

	.section	.pdata,"dr"
.Lentry:
	.long	Chained@IMGREL, .Lsecond@IMGREL, .Linfo1@IMGREL
	.long	.Lsecond@IMGREL, .Lend@IMGREL, .Linfo2@IMGREL
	.long	.Lhidden@IMGREL, .Lhiddenend@IMGREL, .Linfo1@IMGREL
	.long	.Lcold@IMGREL, .Lcoldend@IMGREL, .Linfo3@IMGREL
	.long	.Lindirect@IMGREL, .Lindirectend@IMGREL, .Lentry@IMGREL+1

	.section	.xdata,"dr"
.Linfo1: # sub rsp, 40
	.byte	1, .Lprologue-Chained, 1, 0, .Lprologue-Chained, 0x42, 0, 0
.Linfo2: # push rbx; chained to the first part
	.byte	0x21, .Lpushed-.Lsecond, 1, 0, .Lpushed-.Lsecond, 0x30, 0, 0
	.long	Chained@IMGREL, .Lsecond@IMGREL, .Linfo1@IMGREL
.Linfo3: # no codes; chained to the second part
	.byte	0x21, 0, 0, 0
	.long	.Lsecond@IMGREL, .Lend@IMGREL, .Linfo2@IMGREL
