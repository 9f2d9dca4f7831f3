// Package symstore finds the PDBs and images of modules along a symbol path, as
// debuggers do: in folders, in symbol stores, and on symbol servers, with copies
// in every store before the one that had the file.
//
// [Parse] reads the path, in the syntax of _NT_SYMBOL_PATH that "Using SymSrv"
// and "Symbol path for Windows debuggers" of Microsoft's documentation describe;
// [New] makes a [Locator] of it, which is what a symbols.Resolver asks for
// files. The layout of stores is that of SymStore, the keys are those of the
// "Simple Symbol Query Protocol".
//
// Names and identifiers come from dumps, and files from strangers. A name that
// is more than a file name is refused, what a pointer file points to must lie
// in a folder of the path, and a file is put into a store only after it proved
// to be the one asked for, at once and whole. The network is used only for the
// URLs of the path, and for Microsoft's server where the path holds "srv*" by
// itself.
package symstore
