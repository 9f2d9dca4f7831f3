// Package symbols names the code at the addresses of a process: function,
// offset, source line and inlined functions, for every module of a dump.
//
// A [Resolver] works over a [Process], which [FromDump] makes of a minidump
// and a program of one's own can make of anything else. It opens a module when
// an address in it is first asked for, and asks the kinds of symbols that
// [DefaultOpeners] lists in their order until one names the address; kinds of
// one's own are an [Opener] each. Where their files are, a [Locator] tells; a
// file of another build is never used, and [Resolver.Modules] says what was
// found instead. Without files the process's memory gives the names of
// exports. Where the image's unwind table shows that an address belongs to a
// function that is not exported, the module and the distance from its base are
// given rather than the name of a neighbour.
//
// An [OpenModule] file is named by RVA, without a process.
package symbols
