package pdb

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// Lookup returns what is at a relative virtual address of the image: the
// function whose code it is, preceded by the functions inlined there, innermost
// first. Each frame's line is the place in that function: of an outer frame,
// the call that was inlined. An address without an answer gives no frames and
// no error.
//
// For a return address look up the byte before it, which belongs to the call.
//
// If a stream that the answer needs is damaged, the error says so and the
// frames are what could be found without it.
func (f *File) Lookup(rva uint32) ([]Frame, error) {
	frames, err := f.AppendFrames(make([]Frame, 0, usualFrames), rva)
	if len(frames) == 0 {
		return nil, err
	}
	return frames, err
}

// usualFrames is room enough for most answers.
const usualFrames = 4

// AppendFrames is [File.Lookup] for hot paths: it appends to dst, and allocates
// nothing for names that are cached. The names of procedures are parts of one
// string for each module, which lives as long as one of them is kept.
func (f *File) AppendFrames(dst []Frame, rva uint32) ([]Frame, error) {
	m, err := f.addressMap()
	p, ok := m.place(rva)
	if !ok {
		return dst, err
	}
	return f.appendFrames(dst, p)
}

// AppendFramesAt is AppendFrames for an address given by the number of its
// section, from 1, and an offset in it. In an image whose code was moved after
// the link these are the ones before that.
func (f *File) AppendFramesAt(dst []Frame, section uint16, offset uint32) ([]Frame, error) {
	return f.appendFrames(dst, place{section, offset})
}

func (f *File) appendFrames(dst []Frame, p place) ([]Frame, error) {
	l, err := f.layout()
	sc := f.takeScratch()
	defer f.giveScratch(sc)
	i := findSpan(l.runs, p)
	if i < 0 {
		if l.complete {
			return dst, err
		}
		dst, _, pubErr := f.appendPublic(dst, sc, p, place{p.sect, 0}, lineRecord{}, nil)
		return dst, firstError(err, pubErr)
	}
	x := f.index(l, l.runs[i].id)
	err = firstError(err, x.damage)
	if n := x.findProc(p); n >= 0 {
		return f.appendProc(dst, sc, x, n, p), err
	}
	from := place{p.sect, 0}
	if l.complete {
		i = findSpan(l.contributions, p)
		if i < 0 {
			return dst, err // padding between two contributions
		}
		from.off = l.contributions[i].off
	}
	line, hasLine := f.lineAt(sc, x, p)
	dst, found, pubErr := f.appendPublic(dst, sc, p, from, line, x)
	if !found && hasLine {
		dst = append(dst, Frame{File: f.fileName(x, line.file), Line: line.line})
	}
	return dst, firstError(err, pubErr)
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// appendProc appends the frames of a procedure: inlined ones, then its own.
func (f *File) appendProc(dst []Frame, sc *scratch, x *moduleIndex, n int, p place) []Frame {
	pr := &x.procs[n]
	if body := x.bodyOf(n); body.proc >= 0 {
		chain := f.inlineChain(sc, x, x.procs[body.proc], body.chunk, p.off-pr.off)
		for i := len(chain) - 1; i >= 0; i-- {
			dst = append(dst, f.inlineFrame(sc, x, &chain[i]))
		}
	}
	outer := Frame{
		Function: f.procName(x, n),
		Offset:   p.off - pr.off,
		Kind:     pr.kind,
		Aliases:  f.procAliases(x, n),
	}
	line, ok := lineRecord{}, false
	if pr.lines.size > 0 {
		line, ok = f.lineIn(sc, x, pr.lines, p.off-pr.off)
	} else {
		line, ok = f.lineAt(sc, x, p)
	}
	if ok {
		outer.File, outer.Line = f.fileName(x, line.file), line.line
	}
	return append(dst, outer)
}

// inlineFrame's line is the row's, counted from the function's first line.
func (f *File) inlineFrame(sc *scratch, x *moduleIndex, level *inlineLevel) Frame {
	fr := Frame{Inlined: true, Kind: KindInline}
	i := x.findInlinee(level.inlinee)
	if i < 0 {
		fr.Function = f.inlineeName(sc, x, level.inlinee)
		return fr
	}
	fr.Function = f.inlineeNameAt(sc, x, i)
	if !level.covered {
		return fr
	}
	source := x.inlinees[i]
	fr.Line = uint32(int32(source.line) + level.row.line)
	if level.row.changed {
		source.file = level.row.file
	}
	fr.File = f.fileName(x, source.file)
	return fr
}

func (x *moduleIndex) bodyOf(n int) procBody {
	switch x.procs[n].kind {
	case KindProcedure:
		return procBody{proc: n}
	case KindSeparated:
		return x.separated[x.procs[n].sym]
	}
	return procBody{proc: -1}
}

// procName returns the name of a procedure, or makes the one of a nameless
// piece of code.
func (f *File) procName(x *moduleIndex, n int) string {
	pr := &x.procs[n]
	switch pr.kind {
	case KindSeparated:
		if body := x.separated[pr.sym]; body.proc >= 0 {
			return x.storedName(&x.procs[body.proc])
		}
		return ""
	case KindTrampoline:
		return f.trampolineName(x, *pr)
	}
	return x.storedName(pr)
}

func (x *moduleIndex) storedName(pr *proc) string {
	return x.names[pr.name : pr.name+uint32(pr.nameLen)]
}

// record reads the record of a piece of code.
func (x *moduleIndex) record(buf []byte, pr proc) []byte {
	var head [2]byte
	if readFull(x.stream, head[:], int64(pr.sym)) != nil {
		return nil
	}
	rec, err := x.stream.bytes(buf, pr.sym, 2+uint32(binary.LittleEndian.Uint16(head[:])))
	if err != nil {
		return nil
	}
	return rec
}

// maxFolded bounds how many procedures of one address are looked at.
const maxFolded = 256

// procAliases names the other procedures that begin where the nth does.
func (f *File) procAliases(x *moduleIndex, n int) []string {
	at := x.procs[n].place()
	alone := (n == 0 || x.procs[n-1].place() != at) && (n+1 == len(x.procs) || x.procs[n+1].place() != at)
	if alone {
		return nil
	}
	var names []string
	own := f.procName(x, n)
	from, to := x.procsAt(at)
	for i := from; i < min(to, from+maxFolded); i++ {
		if name := f.procName(x, i); name != own && name != "" && !slices.Contains(names, name) && len(names) < maxAliases {
			names = append(names, name)
		}
	}
	return names
}

// appendPublic appends the nearest public between from and p.
func (f *File) appendPublic(dst []Frame, sc *scratch, p, from place, line lineRecord, x *moduleIndex) ([]Frame, bool, error) {
	pubs, err := f.publics()
	if pubs.count == 0 {
		return dst, false, err
	}
	recs := pubs.nearest(sc.publics, p)
	sc.publics = recs
	if len(recs) == 0 || recs[0].key() < from.key() {
		return dst, false, err
	}
	fr := Frame{Function: f.publicName(pubs, recs[0]), Offset: p.off - recs[0].off, Kind: KindPublic}
	for _, rec := range recs[1:] {
		if name := f.publicName(pubs, rec); name != fr.Function {
			fr.Aliases = append(fr.Aliases, name)
		}
	}
	if line.line != 0 {
		fr.File, fr.Line = f.fileName(x, line.file), line.line
	}
	return append(dst, fr), true, err
}

// Trampolines of an incremental link; the other kind extends a branch.
const trampIncremental = 0

// trampolineName names a jump by where it leads.
func (f *File) trampolineName(x *moduleIndex, pr proc) string {
	key := trampolineKey(pr.place())
	if s, ok := f.strings.Get(key); ok {
		return s
	}
	s := f.readTrampolineName(x, pr)
	f.strings.Put(key, s, stringCost(s))
	return s
}

func (f *File) readTrampolineName(x *moduleIndex, pr proc) string {
	rec := x.record(nil, pr)
	if len(rec) < 20 {
		return ""
	}
	target := f.nameAt(place{binary.LittleEndian.Uint16(rec[18:]), binary.LittleEndian.Uint32(rec[12:])})
	if binary.LittleEndian.Uint16(rec[4:]) != trampIncremental {
		return target
	}
	table := x.firstTrampoline(pr.sect)
	if pubs, _ := f.publics(); pubs.thunks.count > 0 && pubs.thunks.at.sect == pr.sect && pubs.thunks.at.off <= pr.off {
		table = pubs.thunks.at.off
	}
	return fmt.Sprintf("ILT+%d(%s)", pr.off-table, target)
}

func (x *moduleIndex) firstTrampoline(sect uint16) uint32 {
	for _, pr := range x.procs {
		if pr.kind == KindTrampoline && pr.sect == sect {
			return pr.off
		}
	}
	return 0
}

// nameAt returns the name of what begins at a place, a public before others, as
// the debuggers do in the names of trampolines.
func (f *File) nameAt(p place) string {
	if pubs, _ := f.publics(); pubs.count > 0 {
		if recs := pubs.nearest(nil, p); len(recs) > 0 && recs[0].place == p {
			return f.publicName(pubs, recs[0])
		}
	}
	l, _ := f.layout()
	i := findSpan(l.contributions, p)
	if i < 0 {
		return ""
	}
	x := f.index(l, l.contributions[i].id)
	if from, to := x.procsAt(p); from < to && x.procs[from].kind != KindTrampoline {
		return f.procName(x, from)
	}
	return ""
}
