// Package cab reads Microsoft cabinets: stored, MSZIP and LZX folders, as the
// compressed files of symbol stores are. The formats are those of [MS-CAB],
// [MS-MCI] (MSZIP) and [MS-PATCH] and "LZX DELTA" less its delta parts (LZX).
//
// A cabinet is read through an [io.ReaderAt]. Listing it costs its header, its
// folders' and its files' entries; a file is decompressed while it is read,
// with one window of at most 2 MiB and its slack in memory. Cabinets of a set
// are listed, and the files that lie in one of them whole can be read.
package cab
