// Package pdb reads program databases: the symbol files that Microsoft's
// linker, lld and GNU ld write beside a Windows image.
//
// It answers one question first, [File.Lookup]: which function, file and line
// is at this relative virtual address, and what was inlined there. Modules,
// procedures, publics, lines and raw streams can be walked as well.
//
// # What is read
//
// MSF 7.00 containers of any page size and of any length, and in them the PDB
// information stream, the DBI stream, public symbols, module symbols, C13 line
// tables, inline sites, and as much of the TPI and IPI streams as the names of
// inlined functions need. The older MSF 2.00, MSFZ and portable PDBs are
// recognised and refused with [ErrUnsupported].
//
// Names are given as they are stored: procedures and inlined functions have
// the compiler's readable name (ns::Thread<int>::run), publics the decorated
// one (?run@?$Thread@H@ns@@QEAAHXZ).
//
// # Cost
//
// Opening reads the superblock, the stream directory and two small headers.
// Module streams are scanned when an address first falls into them; what is
// kept of them is small and bounded (see [File.SetCacheSize]). A File is safe
// for use by several goroutines.
//
// # Damage
//
// Every count and offset in a file is checked against the bytes that are
// there. A damaged part is reported as a [*FormatError] once something needs
// it; everything else goes on working.
//
// # Specification
//
// The names of fields and records are those of cvinfo.h and of the reference
// sources in github.com/microsoft/microsoft-pdb, further described in
// https://llvm.org/docs/PDB/ and in the docs folder of
// github.com/microsoft/pdb-rs.
package pdb
