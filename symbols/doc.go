// Package symbols names the code at the addresses of a process: function,
// offset and module, for every module of a dump.
//
// A [Resolver] works over a [Process], which [FromDump] makes of a minidump
// and a program of one's own can make of anything else. Names come from the
// export table of each module as it lies in the process's memory, so they need
// no files beside the dump. Where the image's unwind table shows that an
// address belongs to a function that is not exported, the module and the
// distance from its base are given rather than the name of a neighbour.
package symbols
