// Package dwarfsym names the code of images by the DWARF in them, which GCC,
// Clang for mingw, Go and Rust write into PE files.
//
// It answers one question, [File.Frames]: which function, file and line is at
// this relative virtual address, and what was inlined there.
//
// # What is read
//
// DWARF 2 to 5 in the sections .debug_* and, compressed, .zdebug_* of a PE
// image, or of the file that its .gnu_debuglink names: units, functions with
// one range or several, inlined functions, and line tables. Units of split DWARF
// are passed over, and so are types, variables and call frames. Types in units
// of their own (.debug_types) are not needed: compilers repeat the names that
// functions are qualified with.
//
// Functions have the name that a debugger shows: qualified with namespaces and
// classes, without parameters. Where the qualified name is not written down, as
// of a lambda, and in Rust, it is the linkage name.
//
// # Cost
//
// The standard library's debug/dwarf wants whole sections in memory, makes a
// value of every attribute and trusts the sizes that it reads. This package
// reads the heads of all units at the first look-up, and of a unit its functions
// and lines when an address falls into it; of these it keeps a bounded number.
// Compressed sections are unpacked into memory. A File is safe for use by
// several goroutines.
//
// # Damage
//
// Every count and offset is checked against the bytes that are there. What is
// damaged has no answer; everything else goes on working.
//
// # Specification
//
// "DWARF Debugging Information Format", versions 2 to 5, dwarfstd.org.
package dwarfsym
