package gosym

import "github.com/handletrace/handletrace/callstack"

// maxDepth is more than the compiler inlines into each other.
const maxDepth = 256

// Frames returns what is at a relative virtual address: the functions that were
// inlined there, innermost first, and last the function that holds the code.
// The line of an outer frame is that of the call that was inlined. Addresses in
// frames are RVAs; Offset is set on the last frame alone. Where nothing is known
// it returns nil.
//
// For a return address look up the byte before it, which belongs to the call.
func (t *Table) Frames(rva uint32) []callstack.Frame {
	e, known, ok := t.functions().find(rva)
	if !ok {
		return nil
	}
	f, ok := t.readFunction(e)
	if !ok {
		return nil
	}
	if _, covered := t.pcValue(f, f.pcLine, rva); !covered && !known {
		return nil // behind a function whose neighbour is absent
	}
	frames := t.chain(f, rva)
	for i := range frames {
		frames[i].FunctionStart, frames[i].Source = uint64(f.entry), callstack.GoTable
		frames[i].Inlined = i+1 < len(frames)
	}
	frames[len(frames)-1].Offset = uint64(rva - f.entry)
	return frames
}

// chain returns the frames of a function at an RVA with names and lines.
func (t *Table) chain(f *function, rva uint32) []callstack.Frame {
	var frames []callstack.Frame
	tree := t.inlines(f)
	for len(frames) < maxDepth {
		index, inlined := tree.index(rva)
		if !inlined {
			break
		}
		call, ok := tree.call(index)
		if !ok {
			// The line is in a function whose name cannot be read.
			return append(frames, callstack.Frame{Function: f.name})
		}
		fr := callstack.Frame{Function: call.name}
		fr.File, fr.Line = t.source(f, rva)
		frames = append(frames, fr)
		rva = call.parentPC
	}
	outer := callstack.Frame{Function: f.name}
	outer.File, outer.Line = t.source(f, rva)
	return append(frames, outer)
}
