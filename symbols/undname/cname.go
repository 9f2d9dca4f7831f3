package undname

import "strings"

// CName takes off what compilers put around the names of C functions:
//
//	_name    __cdecl, x86 only
//	_name@8  __stdcall, x86 only
//	@name@8  __fastcall, x86 only
//	name@@8  __vectorcall
//
// where 8 is the size of the parameters. Names of other forms, decorated C++
// names among them, are returned as they are.
func CName(name string, x86 bool) string {
	if IsDecorated(name) {
		return name
	}
	base, sized := cutSize(name)
	if vector, ok := strings.CutSuffix(base, "@"); ok && sized && vector != "" {
		return vector
	}
	if !x86 {
		return name
	}
	switch {
	case len(base) > 1 && base[0] == '_', sized && len(base) > 1 && base[0] == '@':
		return base[1:]
	}
	return name
}

// cutSize takes off an @ and digits at the end of a name.
func cutSize(name string) (base string, ok bool) {
	base = strings.TrimRight(name, "0123456789")
	if len(base) < 2 || len(base) == len(name) || base[len(base)-1] != '@' {
		return name, false
	}
	return base[:len(base)-1], true
}

// importPrefix begins the names of the pointers through which imported
// functions are called.
const importPrefix = "__imp_"

// PublicName returns what DbgHelp, and so WinDbg and !htrace, shows for a name
// from a table of public symbols or of exports: the [Name] style of a C++ name
// and the bare name of a C function. As DbgHelp takes one underscore off every
// such name, on 64-bit machines too, __chkstk becomes _chkstk; that does not
// hold for the names of a module's private symbols, which are shown as they
// stand.
//
// A C++ name that cannot be decoded is returned as it is.
func PublicName(name string, x86 bool) string {
	if IsDecorated(name) {
		name, _ = Undecorate(name, Name)
		return name
	}
	if rest, ok := strings.CutPrefix(name, importPrefix); ok && IsDecorated(rest) {
		rest, _ = Undecorate(rest, Name)
		return importPrefix[1:] + rest
	}
	if c := CName(name, x86); c != name {
		return c
	}
	if len(name) > 1 && name[0] == '_' {
		return name[1:]
	}
	return name
}
