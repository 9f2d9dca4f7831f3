package pe

// What x86 and x64 code has in common.
var (
	intelTerminators = []pattern{
		exactly("\xc3", 0),     // ret
		exactly("\xc2", 2),     // ret n
		exactly("\xe9", 4),     // jmp
		exactly("\xeb", 1),     // jmp short
		exactly("\xff\x25", 4), // jmp through memory
		exactly("\xff\xe0", 0), // jmp eax
		exactly("\x0f\x0b", 0), // ud2
		exactly("\xcd\x29", 0), // int 29h, fast fail
	}
	intelCalls = []pattern{
		exactly("\xe8", 4),     // call
		exactly("\xff\x15", 4), // call through memory
	}
	intelFillers = []pattern{exactly("\xcc", 0)} // int3
	intelNops    = []pattern{
		exactly("\x90", 0),
		exactly("\x66\x90", 0),
		exactly("\x0f\x1f\x00", 0),
		exactly("\x0f\x1f\x40\x00", 0),
		exactly("\x0f\x1f\x44\x00\x00", 0),
		exactly("\x0f\x1f\x80\x00\x00\x00\x00", 0),
		exactly("\x0f\x1f\x84\x00\x00\x00\x00\x00", 0),
		exactly("\x66\x0f\x1f\x44\x00\x00", 0),
		exactly("\x66\x0f\x1f\x84\x00\x00\x00\x00\x00", 0),
		exactly("\x2e\x0f\x1f\x84\x00\x00\x00\x00\x00", 0),
		exactly("\x66\x2e\x0f\x1f\x84\x00\x00\x00\x00\x00", 0),
		exactly("\x66\x66", 0), // repeated prefixes of the above
		exactly("\x2e\x8d\xb4\x26\x00\x00\x00\x00", 0),
		exactly("\x8d\xb4\x26\x00\x00\x00\x00", 0), // lea esi, [esi]
		exactly("\x8d\xbc\x27\x00\x00\x00\x00", 0), // lea edi, [edi]
		exactly("\x8d\x74\x26\x00", 0),
		exactly("\x2e\x8d\x74\x26\x00", 0),
		exactly("\x8d\xb6\x00\x00\x00\x00", 0),
		exactly("\x8d\xbf\x00\x00\x00\x00", 0),
		exactly("\x8d\x76\x00", 0),
		exactly("\x89\xf6", 0),
	}
)

// homeStore makes the pattern of a store above the return address: a multiple
// of eight below 64.
func homeStore(bytes string) pattern {
	return append(exactly(bytes, 0), 0xff00&^0x3800)
}

var x86Borders = codeBorders{
	step:        1,
	align:       16,
	terminators: intelTerminators,
	calls:       intelCalls,
	fillers:     intelFillers,
	nops:        intelNops,
	shortNops:   3,
	certain: []pattern{
		exactly("\x8b\xff\x55\x8b\xec", 0), // mov edi, edi; push ebp; mov ebp, esp
	},
	framed: []pattern{
		exactly("\x55\x8b\xec", 0), // push ebp; mov ebp, esp
		exactly("\x55\x89\xe5", 0), // the same, as GNU encodes it
	},
	prologues: []pattern{
		exactly("\x8b\xff", 0), // mov edi, edi
		exactly("\x55", 0),     // push ebp
		exactly("\x53\x55", 0), // runs of pushes: ebx, ebp, esi, edi
		exactly("\x53\x56", 0),
		exactly("\x53\x57", 0),
		exactly("\x56\x53", 0),
		exactly("\x56\x55", 0),
		exactly("\x56\x57", 0),
		exactly("\x57\x53", 0),
		exactly("\x57\x55", 0),
		exactly("\x57\x56", 0),
		exactly("\x53\x83\xec", 1),     // push ebx; sub esp
		exactly("\x56\x83\xec", 1),     // push esi; sub esp
		exactly("\x57\x83\xec", 1),     // push edi; sub esp
		exactly("\x83\xec", 1),         // sub esp
		exactly("\x81\xec", 4),         // sub esp
		exactly("\x8d\x4c\x24\x04", 0), // lea ecx, [esp+4]
		exactly("\x57\x8d\x7c\x24", 1), // push edi; lea edi, [esp+n]
		exactly("\x6a", 1),             // push size of frame (SEH)
		exactly("\xff\x25", 4),         // import thunk
		exactly("\x8b\x44\x24", 1),     // mov eax, argument
		exactly("\x8b\x4c\x24", 1),     // mov ecx, argument
		exactly("\x8b\x54\x24", 1),     // mov edx, argument
	},
}

var x64Borders = codeBorders{
	step:        1,
	align:       16,
	terminators: intelTerminators,
	calls:       intelCalls,
	fillers:     intelFillers,
	nops:        intelNops,
	shortNops:   3,
	framed: []pattern{
		exactly("\x48\x83\xec", 1),    // sub rsp
		homeStore("\x48\x89\x5c\x24"), // mov [rsp+n], rbx
		exactly("\x40\x53\x48\x83\xec", 1),
		exactly("\x55\x48\x89\xe5", 0), // push rbp; mov rbp, rsp
	},
	prologues: []pattern{
		exactly("\xf3\x0f\x1e\xfa", 0),     // endbr64
		exactly("\x48\x81\xec", 4),         // sub rsp
		exactly("\x48\x89\x4c\x24\x08", 0), // mov [rsp+n], rcx
		exactly("\x48\x89\x54\x24\x10", 0), // mov [rsp+n], rdx
		homeStore("\x48\x89\x74\x24"),      // mov [rsp+n], rsi
		homeStore("\x48\x89\x7c\x24"),      // mov [rsp+n], rdi
		homeStore("\x48\x89\x6c\x24"),      // mov [rsp+n], rbp
		exactly("\x4c\x89\x44\x24\x18", 0), // mov [rsp+n], r8
		exactly("\x4c\x89\x4c\x24\x20", 0), // mov [rsp+n], r9
		exactly("\x89\x4c\x24\x08", 0),     // mov [rsp+n], ecx
		exactly("\x48\x8b\xc4", 0),         // mov rax, rsp
		exactly("\x4c\x8b\xdc", 0),         // mov r11, rsp
		exactly("\x4c\x8b\xd1\xb8", 4),     // a system call
		exactly("\x40\x53", 0),             // push rbx, rbp, rsi, rdi with a prefix
		exactly("\x40\x55", 0),
		exactly("\x40\x56", 0),
		exactly("\x40\x57", 0),
		exactly("\x41\x54", 0), // push r12 to r15
		exactly("\x41\x55", 0),
		exactly("\x41\x56", 0),
		exactly("\x41\x57", 0),
		exactly("\x55\x57", 0), // runs of pushes
		exactly("\x55\x56", 0),
		exactly("\x55\x53", 0),
		exactly("\x55\x48", 0),
		exactly("\x55\x41", 0),
		exactly("\x57\x56", 0),
		exactly("\x57\x53", 0),
		exactly("\x56\x53", 0),
		exactly("\x56\x57", 0),
		exactly("\x53\x48\x83\xec", 1), // push; sub rsp
		exactly("\x56\x48\x83\xec", 1),
		exactly("\x57\x48\x83\xec", 1),
		exactly("\xff\x25", 4), // import thunk
	},
}
