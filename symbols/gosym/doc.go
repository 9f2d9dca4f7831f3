// Package gosym names the code of Go programs for Windows by the table that the
// Go runtime prints its own stacks from: the pclntab. It is in every Go image,
// stripped ones included, and is mapped into memory, so it can be read from a
// minidump as well as from a file.
//
// It answers one question, [Table.Frames]: which function, file and line is at
// this relative virtual address, and what was inlined there. Unlike the standard
// library's debug/gosym it finds the table in the image, and it reads the tree
// of inlined functions.
//
// # What is read
//
// The tables of Go 1.2 and later, which come in four versions (1.2, 1.16, 1.18
// and 1.20), for 386, amd64, arm and arm64. Inlined functions are told from Go
// 1.12 on; before, a line in one stands under the name of the function that
// holds it. The table is found by its magic and checked; where that was changed,
// as obfuscators do, it is found through runtime.firstmoduledata, which also
// tells where the code begins, even if the C linker put the program together.
// In a program with cgo the C code is not in the table.
//
// # Cost
//
// Opening searches the image's data for the table. The first look-up reads the
// list of functions, 8 bytes for each. A Table is safe for use by several
// goroutines.
//
// # Damage
//
// Every count and offset is checked against the bytes that are there. In memory
// pages may be absent: what needs them has no answer.
//
// # Specification
//
// golang.org/s/go12symtab, and of later versions runtime/symtab.go,
// runtime/symtabinl.go and cmd/link/internal/ld/pcln.go of the Go sources.
package gosym
