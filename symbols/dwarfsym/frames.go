package dwarfsym

import "github.com/handletrace/handletrace/callstack"

// Frames returns what is at a relative virtual address: the functions that were
// inlined there, innermost first, and last the function that holds the code.
// The line of an outer frame is that of the call that was inlined. Addresses in
// frames are RVAs; Offset is set on the last frame alone, and counts from where
// the part of the function begins if it has several. Where nothing is known it
// returns nil.
//
// For a return address look up the byte before it, which belongs to the call.
func (f *File) Frames(rva uint32) []callstack.Frame {
	x := f.index()
	for u := range x.at(rva) {
		t := f.tree(u)
		if fn, ok := t.function(rva); ok {
			return f.functionFrames(x, u, t, fn, rva)
		}
	}
	return nil
}

func (f *File) functionFrames(x *index, u *unit, t *tree, fn functionRange, rva uint32) []callstack.Frame {
	chain := t.chain(fn.node, rva)
	frames := make([]callstack.Frame, len(chain))
	if row, ok := t.lines.at(rva); ok && row.line != 0 {
		frames[0].File, frames[0].Line = f.file(u, t, row.file), int(row.line)
	}
	for i := range frames {
		n := &t.nodes[chain[len(chain)-1-i]] // innermost first
		frames[i].Function = t.names.get(n.off, func() string { return f.functionName(x, u, n.off) })
		frames[i].FunctionStart, frames[i].Source = uint64(fn.low), callstack.DWARF
		if i+1 == len(frames) {
			break
		}
		frames[i].Inlined = true
		// Where it was called is a place in the function around it.
		if n.callLine != 0 {
			frames[i+1].File, frames[i+1].Line = f.file(u, t, n.callFile), int(n.callLine)
		}
	}
	outer := &frames[len(frames)-1]
	outer.Offset = uint64(rva - fn.low)
	if outer.Function == "" {
		return nil
	}
	return frames
}

// file returns the name of a file of a unit.
func (f *File) file(u *unit, t *tree, number uint32) string {
	return t.files.get(number, func() string { return f.fileName(u, t.lines, number) })
}
