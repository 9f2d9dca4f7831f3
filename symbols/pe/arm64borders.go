package pe

var arm64Borders = codeBorders{
	step:  4,
	align: 16,
	terminators: []pattern{
		word(0xd65f03c0, 0xffffffff), // ret
		word(0xd65f0bff, 0xfffffbff), // retaa, retab
		word(0xd61f0000, 0xfffffc1f), // br
		word(0x14000000, 0xfc000000), // b
		word(0xd4200000, 0xffe0001f), // brk
	},
	calls: []pattern{
		word(0x94000000, 0xfc000000), // bl
	},
	fillers: []pattern{
		word(0x00000000, 0xffffffff), // udf 0
		word(0xd43e0000, 0xffffffff), // brk 0xf000
	},
	nops: []pattern{word(0xd503201f, 0xffffffff)},
	certain: []pattern{
		word(0xd503237f, 0xffffffff), // pacibsp
	},
	prologues: []pattern{
		word(0xa98003e0, 0xffc003e0), // stp x, x, [sp, -n]!
		word(0xf8000fe0, 0xffe00fe0), // str x, [sp, -n]!
		word(0xd10003ff, 0xffc003ff), // sub sp, sp, n
	},
}
