package breakpad

import "bytes"

// symbol is a FUNC or PUBLIC record.
type symbol struct {
	rva, size uint32 // size 0 if it is not known
	name      []byte
}

// functionRecord reads what follows FUNC: [m] address size parameter_size name.
// m marks code that several functions share. Sizes may be missing.
func functionRecord(rest []byte) (symbol, bool) {
	s, rest, ok := symbolAddress(rest)
	if !ok {
		return symbol{}, false
	}
	s.size, rest, _ = numberBefore(rest, hexadecimal)
	s.name = parametersAndName(rest)
	return s, true
}

// publicRecord reads what follows PUBLIC: [m] address parameter_size name. At
// address 0 dump_syms puts symbols that are nowhere in the image.
func publicRecord(rest []byte) (symbol, bool) {
	s, rest, ok := symbolAddress(rest)
	if !ok || s.rva == 0 {
		return symbol{}, false
	}
	s.name = parametersAndName(rest)
	return s, true
}

func symbolAddress(rest []byte) (symbol, []byte, bool) {
	if after, ok := bytes.CutPrefix(rest, []byte("m ")); ok {
		rest = after
	}
	address, rest := word(rest)
	rva, ok := number(address, hexadecimal)
	return symbol{rva: rva}, rest, ok
}

// parametersAndName reads the size of the parameters, which is passed over, and
// the name. A number alone is the former.
func parametersAndName(rest []byte) []byte {
	if _, name, ok := numberBefore(rest, hexadecimal); ok {
		return name
	}
	if _, alone := number(rest, decimal); alone {
		return nil
	}
	return rest
}

// line is a line record.
type line struct {
	rva, size uint32
	line      uint32
	file      uint32
}

// Numbers that Microsoft's compilers give to code without a line in the source,
// and the one that stands for an unknown file here.
const (
	alwaysStepInto = 0xfeefee
	neverStepInto  = 0xf00f00
	noFile         = 1<<32 - 1
)

// lineRecord reads address size line file. The file may be missing.
func lineRecord(rest []byte) (line, bool) {
	var l line
	var ok [3]bool
	for i, field := range []*uint32{&l.rva, &l.size, &l.line} {
		var w []byte
		w, rest = word(rest)
		base := uint64(hexadecimal)
		if i == 2 {
			base = decimal
		}
		*field, ok[i] = number(w, base)
	}
	var known bool
	if l.file, known = number(rest, decimal); !known {
		l.file = noFile
	}
	return l, ok == [3]bool{true, true, true}
}

// hasSource reports whether the line is one of the source.
func (l *line) hasSource() bool {
	return l.line != 0 && l.line != alwaysStepInto && l.line != neverStepInto
}

// inline is an INLINE record: a function that was inlined into the one of the
// level before, or at level 0 into the FUNC.
type inline struct {
	level    uint32
	callLine uint32
	callFile uint32
	origin   uint32
	ranges   []codeRange
}

type codeRange struct{ rva, size uint32 }

func (r codeRange) holds(rva uint32) bool { return rva >= r.rva && rva-r.rva < r.size }

func (in *inline) holds(rva uint32) bool {
	for _, r := range in.ranges {
		if r.holds(rva) {
			return true
		}
	}
	return false
}

// inlineRecord reads what follows INLINE: level call_line [call_file] origin
// and then pairs of address and size. Whether the older form without a file is
// used can be told by the number of words.
func inlineRecord(rest []byte) (inline, bool) {
	words := bytes.Fields(rest)
	if len(words) < 5 {
		return inline{}, false
	}
	in := inline{callFile: noFile}
	fields := []*uint32{&in.level, &in.callLine, &in.callFile, &in.origin}
	if len(words)%2 == 1 {
		fields = []*uint32{&in.level, &in.callLine, &in.origin}
	}
	for i, field := range fields {
		n, ok := number(words[i], decimal)
		if !ok {
			return inline{}, false
		}
		*field = n
	}
	pairs := words[len(fields):]
	in.ranges = make([]codeRange, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		rva, okRVA := number(pairs[i], hexadecimal)
		size, okSize := number(pairs[i+1], hexadecimal)
		if okRVA && okSize {
			in.ranges = append(in.ranges, codeRange{rva, size})
		}
	}
	return in, true
}
