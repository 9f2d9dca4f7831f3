// Package minidump reads Windows minidumps: the files that MiniDumpWriteDump,
// debuggers, Task Manager, procdump, Breakpad, Crashpad and others write of a
// process, on any system and of any size.
//
// The layout is the one of minidumpapiset.h in the Windows SDK; types and
// fields have the names they have there. Where writers differ from the header
// or from each other, the reader takes what is in the file.
//
// [Open] and [New] read the header and the stream directory only. Each stream
// is decoded when it is first asked for, once, and safely from several
// goroutines. A stream that is not in the dump gives [ErrNoStream]; one that
// cannot be decoded gives a [*FormatError]. What is damaged in part is
// returned as far as it goes, and [File.Warnings] says what was lost. No count,
// length or offset of a file is trusted: nothing is allocated that the bytes
// present do not account for.
//
// Every stream of the SDK and most of other writers have a method of their
// name, such as [File.Modules] or [File.CrashpadInfo]. [File.Stream] gives the
// bytes of any, and [Decode] applies a function of one's own to them.
//
// [File.Memory] is the memory of the process, read by address across all that
// holds some of it; [File.TEB] and [File.PEB] decode what Windows keeps there.
// [File.ThreadContext] decodes the registers of a thread, of any processor
// that dumps are written on, and [File.WOW64Context] those of 32-bit code in a
// 64-bit process.
//
// Package minidumptest builds dumps for tests.
package minidump
