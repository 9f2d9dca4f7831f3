// Package undname decodes the names that Microsoft's C++ compiler, and clang in
// its place, give to functions, variables and compiler-made data:
//
//	?push_back@?$vector@HV?$allocator@H@std@@@std@@QEAAXAEBH@Z
//
// [Undecorate] writes such a name in one of two styles. [Name] is what WinDbg
// and !htrace print for a public symbol:
//
//	std::vector<int,std::allocator<int> >::push_back
//
// and [Full] is the declaration as LLVM's llvm-undname spells it:
//
//	public: void __cdecl std::vector<int, class std::allocator<int>>::push_back(int const &)
//
// [CName] and [PublicName] are for the names of C functions (_f@8) and for
// what DbgHelp does to names from tables of publics and exports.
//
// Microsoft has never specified the decoration. Descriptions are in clang's
// MicrosoftMangle.cpp, in LLVM's and Wine's decoders and in Ghidra's
// MicrosoftDmang. What llvm-undname does not know (floating-point and class
// values as template arguments, auto results, exception data such as
// _TI3?AVerror@@, C++/CLI handles, handlers of structured exceptions) is
// written in its manner in Full.
//
// In two things Name follows transcripts of WinDbg rather than Wine: thunks
// begin with [thunk]: and a vcall thunk is C::`vcall'{8}'. It differs from old
// versions of DbgHelp in leaving out __ptr64, unless [Options] ask for it.
// DbgHelp leaves the bases of a vftable out ({for `Base'}), and so does Name.
//
// Names of any origin can be given to this package: nesting and length of the
// text are limited by Options, work and memory grow with the lengths of name
// and text alone, and there is no global state, so all functions can be called
// from several goroutines at once.
package undname
