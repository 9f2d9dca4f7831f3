// Package breakpad reads the text symbol files (.sym) of Breakpad, which
// dump_syms makes of PDBs, ELF, Mach-O and DWARF.
//
// It answers one question, [File.Frames]: which function, file and line is at
// this relative virtual address, and what was inlined there.
//
// # What is read
//
// MODULE, INFO CODE_ID, FILE, FUNC with its lines, INLINE_ORIGIN and INLINE in
// both of their forms, and PUBLIC. STACK records and those of unknown kinds are
// passed over. Names are given as they are stored, which is as dump_syms
// demangled them.
//
// # Cost
//
// Opening reads the first lines. The first look-up goes through the text once
// and keeps 16 bytes for each function, public symbol, file and inlined
// function; names, lines and inlines are read from the text when an address
// asks for them. A File is safe for use by several goroutines.
//
// # Damage
//
// Lines that are not as the format demands are passed over. Sizes may be
// missing, functions may overlap and lines may stand in any order, as they do
// in files that are in use.
//
// # Specification
//
// docs/symbol_files.md in github.com/google/breakpad.
package breakpad
