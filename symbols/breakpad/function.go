package breakpad

import (
	"cmp"
	"slices"
)

// function is a FUNC record with what belongs to it.
type function struct {
	name    string
	lines   []line   // sorted by address
	inlines []inline // sorted by level
}

const (
	// blockSize is read at a time: most functions' records fit.
	blockSize = 4 << 10
	// maxRecords bounds the lines, and the ranges of inlined functions, that
	// are kept of one function.
	maxRecords = 1 << 20
)

// functionAt returns the decoded function.
func (f *File) functionAt(at *functionPlace) *function {
	if fn, ok := f.functions.get(at.offset); ok {
		return fn
	}
	fn := f.readFunction(at.offset)
	f.functions.put(at.offset, fn)
	return fn
}

// readFunction reads a FUNC record and the lines and inlined functions behind
// it. They end where another record of an address begins; but of a function in
// several parts dump_syms writes a FUNC each in a row, and then the lines of all.
func (f *File) readFunction(offset int64) *function {
	fn := &function{}
	s := newScannerSize(f.r, offset, f.size, blockSize)
	if !s.next() {
		return fn
	}
	_, rest := word(s.line)
	record, _ := functionRecord(rest)
	fn.name = string(record.name)
	ranges, alone := 0, true
	for s.next() && len(fn.lines)+ranges < maxRecords {
		keyword, rest := word(s.line)
		if alone && fn.isPart(keyword, rest) {
			continue
		}
		if endsFunction[string(keyword)] {
			break
		}
		alone = false
		if string(keyword) == "INLINE" {
			if in, ok := inlineRecord(rest); ok {
				fn.inlines = append(fn.inlines, in)
				ranges += 1 + len(in.ranges)
			}
		} else if l, ok := lineRecord(s.line); ok {
			fn.lines = append(fn.lines, l)
		}
	}
	fn.sort()
	return fn
}

// isPart reports whether a record is another part of the function.
func (fn *function) isPart(keyword, rest []byte) bool {
	if string(keyword) != "FUNC" {
		return false
	}
	other, ok := functionRecord(rest)
	return ok && fn.name != "" && string(other.name) == fn.name
}

var endsFunction = map[string]bool{"FUNC": true, "PUBLIC": true, "STACK": true, "MODULE": true}

func (fn *function) sort() {
	slices.SortStableFunc(fn.lines, func(a, b line) int { return cmp.Compare(a.rva, b.rva) })
	slices.SortStableFunc(fn.inlines, func(a, b inline) int { return cmp.Compare(a.level, b.level) })
	for i := range fn.lines {
		// A size that is missing reaches up to the next line.
		if l := &fn.lines[i]; l.size == 0 {
			l.size = 1
			if i+1 < len(fn.lines) {
				l.size = fn.lines[i+1].rva - l.rva
			}
		}
	}
}

// cost is about what the function takes in memory.
func (fn *function) cost() int {
	n := 128 + len(fn.name) + 16*len(fn.lines)
	for i := range fn.inlines {
		n += 48 + 8*len(fn.inlines[i].ranges)
	}
	return n
}

// lineAt returns the line that holds an address, of several that do the one
// that begins last.
func (fn *function) lineAt(rva uint32) (line, bool) {
	i, _ := slices.BinarySearchFunc(fn.lines, rva, func(l line, rva uint32) int {
		if l.rva <= rva {
			return -1
		}
		return 1
	})
	for n := i - 1; n >= 0 && n >= i-maxOverlap; n-- {
		if l := fn.lines[n]; rva-l.rva < l.size {
			return l, true
		}
	}
	return line{}, false
}

// maxDepth is more than compilers inline into each other.
const maxDepth = 512

// chain returns the inlined functions at an address, the outermost first: one
// of each level, without a gap.
func (fn *function) chain(rva uint32) []*inline {
	var chain []*inline
	for i := range fn.inlines {
		in := &fn.inlines[i]
		if len(chain) == maxDepth || in.level > uint32(len(chain)) {
			break
		}
		if in.level == uint32(len(chain)) && in.holds(rva) {
			chain = append(chain, in)
		}
	}
	return chain
}
