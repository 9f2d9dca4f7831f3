package breakpad

import "github.com/handletrace/handletrace/callstack"

// Frames returns what is at a relative virtual address: the functions that were
// inlined there, innermost first, and last the function that holds the code.
// The line of an outer frame is that of the call that was inlined. Addresses in
// frames are RVAs; Offset is set on the last frame alone. Where nothing is
// known it returns nil.
//
// For a return address look up the byte before it, which belongs to the call.
func (f *File) Frames(rva uint32) []callstack.Frame {
	x := f.index()
	at, nearest := x.function(rva)
	if at == nil {
		return f.publicFrame(x, rva, nearest)
	}
	fn := f.functionAt(at)
	frames := f.functionFrames(x, fn, rva)
	for i := range frames {
		frames[i].FunctionStart = uint64(at.rva)
		frames[i].Source = callstack.Breakpad
	}
	frames[len(frames)-1].Offset = uint64(rva - at.rva)
	return frames
}

func (f *File) functionFrames(x *index, fn *function, rva uint32) []callstack.Frame {
	chain := fn.chain(rva)
	frames := make([]callstack.Frame, len(chain)+1)
	if l, ok := fn.lineAt(rva); ok && l.hasSource() {
		frames[0].File, frames[0].Line = f.numberedName(x.files, l.file), int(l.line)
	}
	for i := range chain {
		in := chain[len(chain)-1-i] // innermost first
		frames[i].Function, frames[i].Inlined = f.numberedName(x.origins, in.origin), true
		// Where it was called is a place in the function around it.
		frames[i+1].File, frames[i+1].Line = f.numberedName(x.files, in.callFile), int(in.callLine)
	}
	frames[len(chain)].Function = fn.name
	return frames
}

func (f *File) publicFrame(x *index, rva, nearest uint32) []callstack.Frame {
	at, ok := x.public(rva, nearest)
	if !ok {
		return nil
	}
	_, rest := word(f.lineText(at.offset))
	s, ok := publicRecord(rest)
	if !ok || len(s.name) == 0 {
		return nil
	}
	return []callstack.Frame{{
		Function: string(s.name), Offset: uint64(rva - at.key), FunctionStart: uint64(at.key), Source: callstack.Breakpad,
	}}
}

// numberedName returns the name in a FILE or INLINE_ORIGIN record.
func (f *File) numberedName(places []place, n uint32) string {
	offset, ok := numbered(places, n)
	if !ok {
		return ""
	}
	_, rest := word(f.lineText(offset))
	_, name := word(rest)
	return string(name)
}

// nameSize is read at a time for a record with one name.
const nameSize = 256

func (f *File) lineText(offset int64) []byte {
	s := newScannerSize(f.r, offset, f.size, nameSize)
	s.next()
	return s.line
}
