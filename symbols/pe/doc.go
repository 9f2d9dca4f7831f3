// Package pe reads Windows images (EXE, DLL, SYS) from a file or as they are
// mapped in the memory of a process, for instance in a minidump.
//
// It answers what a resolver of addresses asks of an image that has no symbol
// file: which export names an address ([Image.ExportFor]), which function holds
// it ([Image.FunctionBounds]), which PDB belongs to it ([Image.CodeView]). It
// is no loader and no disassembler: imports, resources, relocations and
// certificates are not decoded.
//
// # Two layouts
//
// In a file ([Open], [New]) each section stands at its PointerToRawData; in
// memory ([NewMapped]) everything stands at its RVA, pages may be absent, and
// what no section holds (the COFF symbols, long section names) is gone. An
// [Image] hides the difference: every address in this package is an RVA, and
// [Image.ReadAt] reads by RVA in either layout.
//
// # Cost
//
// Opening reads the headers alone. The export table is decoded when first asked
// for, once. Function tables are searched where they lie. An Image is safe for
// use by several goroutines.
//
// # Damage
//
// Every count and address is checked against the bytes that are there. A part
// that an image does not have is a sentinel such as [ErrNoExports]; a damaged
// or unreadable part is a [*FormatError], and everything else goes on working.
//
// # Specification
//
// "PE Format", "x64 exception handling", "ARM64 exception handling" and "ARM
// exception handling" on learn.microsoft.com. Fields have the names of the
// Windows SDK's winnt.h.
package pe
