package pdb

import "iter"

// Module is a compiland: an object file, or one of the linker's own.
type Module struct {
	f     *File
	index int
	info  moduleInfo
}

// Index returns the module's place in the DBI stream, from 0.
func (m *Module) Index() int { return m.index }

// Name returns the module's name: the object file, or as in "* Linker *" and
// "Import:KERNEL32.dll".
func (m *Module) Name() string { return m.text(0) }

// ObjectFile returns the library that the module came from, or its object file
// once more.
func (m *Module) ObjectFile() string { return m.text(1) }

func (m *Module) text(nth int) string {
	s, err := m.f.stream(streamDBI, "DBI stream")
	if err != nil {
		return ""
	}
	off := m.info.name
	for ; ; nth-- {
		text, err := s.cstring(off)
		if err != nil || nth == 0 {
			return text
		}
		off += uint32(len(text)) + 1
	}
}

// HasSymbols reports that the module has symbols of its own.
func (m *Module) HasSymbols() bool {
	return m.info.stream != noStream && m.info.syms > cvSignatureSize
}

// Modules walks the modules in the order of the DBI stream. See
// [File.ModulesError] for what could not be read.
func (f *File) Modules() iter.Seq[*Module] {
	return func(yield func(*Module) bool) {
		l, _ := f.layout()
		for i, info := range l.modules {
			if !yield(&Module{f, i, info}) {
				return
			}
		}
	}
}

// ModulesError returns what is wrong with the list of modules or with the
// section contributions, or nil.
func (f *File) ModulesError() error {
	_, err := f.layout()
	return err
}

// Address is a place in the image.
type Address struct {
	Section uint16 // from 1
	Offset  uint32 // in the section
	RVA     uint32 // 0 if the place has none: its section is not there, or the code was dropped
}

func (f *File) address(p place) Address {
	m, _ := f.addressMap()
	rva, _ := m.rva(p)
	return Address{p.sect, p.off, rva}
}

// Procedure is a piece of code that a module describes.
type Procedure struct {
	Address
	Name   string // as stored; see Frame.Function
	Size   uint32 // bytes
	Kind   Kind   // KindProcedure, KindThunk, KindTrampoline or KindSeparated
	Module *Module
}

// Procedures walks the code of all modules, module by module, each in the order
// of addresses. A damaged module yields what could be read and then an error
// beside a Procedure that has only the Module.
func (f *File) Procedures() iter.Seq2[Procedure, error] {
	return func(yield func(Procedure, error) bool) {
		for m := range f.Modules() {
			for p, err := range m.Procedures() {
				if !yield(p, err) {
					return
				}
			}
		}
		if err := f.ModulesError(); err != nil {
			yield(Procedure{}, err)
		}
	}
}

// Procedures walks the module's code in the order of addresses.
func (m *Module) Procedures() iter.Seq2[Procedure, error] {
	return func(yield func(Procedure, error) bool) {
		f := m.f
		l, _ := f.layout()
		x := f.index(l, uint32(m.index))
		for i, pr := range x.procs {
			p := Procedure{
				Address: f.address(pr.place()),
				Name:    f.procName(x, i),
				Size:    x.sizeOf(pr),
				Kind:    pr.kind,
				Module:  m,
			}
			if !yield(p, nil) {
				return
			}
		}
		if x.damage != nil {
			yield(Procedure{Module: m}, x.damage)
		}
	}
}

func (x *moduleIndex) sizeOf(pr proc) uint32 {
	var buf [256]byte
	rec := x.record(buf[:], pr)
	if len(rec) < 4 {
		return 0
	}
	l := layoutOf(recordKind(rec))
	if l == nil || len(rec) < int(l.least) {
		return 0
	}
	return l.length(rec)
}

// Public is a public symbol.
type Public struct {
	Address
	Name     string // decorated
	Code     bool   // the flags of the record
	Function bool
}

// Publics walks the public symbols in the order of their addresses before any
// reordering. A damaged one is left out; an error comes last.
func (f *File) Publics() iter.Seq2[Public, error] {
	return func(yield func(Public, error) bool) {
		pubs, err := f.publics()
		for i := range pubs.count {
			rec, ok := pubs.at(i)
			if !ok {
				if err == nil {
					err = &FormatError{pubs.psi.name, int64(pubs.addrMap.off + 4*i), "the offset of a public symbol"}
				}
				continue
			}
			p := Public{
				Address:  f.address(rec.place),
				Name:     f.publicName(pubs, rec),
				Code:     rec.flags&publicCode != 0,
				Function: rec.flags&publicFunction != 0,
			}
			if !yield(p, nil) {
				return
			}
		}
		if err != nil {
			yield(Public{}, err)
		}
	}
}

// Line is a source line and where its code begins. It goes on to the next
// line's place, or to the end of the piece of code.
type Line struct {
	Address
	File string
	Line uint32
}

// Lines walks the module's line numbers, piece of code by piece of code in the
// order of addresses. What was inlined counts as the line of the call, and of
// folded functions there is only the first.
func (m *Module) Lines() iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		f := m.f
		l, _ := f.layout()
		x := f.index(l, uint32(m.index))
		for i := range x.fragments {
			fr := &x.fragments[i]
			if i > 0 && x.fragments[i-1].place() == fr.place() {
				continue
			}
			records, err := x.sortedLines(fr.lines)
			for _, r := range records {
				line := Line{f.address(place{fr.sect, fr.off + r.off}), f.fileName(x, r.file), r.line}
				if !yield(line, nil) {
					return
				}
			}
			if err != nil && !yield(Line{}, err) {
				return
			}
		}
		if x.damage != nil {
			yield(Line{}, x.damage)
		}
	}
}

// PublicsAt returns the names of the public symbols at exactly this address,
// functions first: the decorated forms of a procedure's name and of those that
// were folded into it. It returns 16 at most.
func (f *File) PublicsAt(rva uint32) ([]string, error) {
	m, err := f.addressMap()
	p, ok := m.place(rva)
	if !ok {
		return nil, err
	}
	pubs, err := f.publics()
	recs := pubs.nearest(nil, p)
	if len(recs) == 0 || recs[0].place != p {
		return nil, err
	}
	names := make([]string, len(recs))
	for i, rec := range recs {
		names[i] = f.publicName(pubs, rec)
	}
	return names, err
}
