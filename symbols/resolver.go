package symbols

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/symbols/pdb"
	"github.com/handletrace/handletrace/symbols/pe"
)

// Frame is one level of a call stack.
type Frame = callstack.Frame

// Resolver names the code at addresses of one process. It is safe for
// concurrent use. Modules are opened when an address in them is first asked
// for.
type Resolver struct {
	opts     Options
	loaded   []*image // by base
	unloaded []*image // in the order of the process, the last one to be unloaded last

	mu    sync.Mutex
	cache map[uint64][]Frame
}

// New returns a resolver over a process. Close releases the files that it
// opened.
func New(p Process, opts Options) (*Resolver, error) {
	modules, err := p.Modules()
	if err != nil {
		return nil, err
	}
	r := &Resolver{opts: opts, cache: make(map[uint64][]Frame)}
	for _, m := range modules {
		img := &image{Module: m}
		if m.Unloaded {
			r.unloaded = append(r.unloaded, img)
			continue
		}
		img.memory = p.Memory(&img.Module)
		r.loaded = append(r.loaded, img)
	}
	slices.SortStableFunc(r.loaded, func(a, b *image) int { return cmp.Compare(a.Base, b.Base) })
	// Of several modules at one base the first of the process counts.
	r.loaded = slices.CompactFunc(r.loaded, func(a, b *image) bool { return a.Base == b.Base })
	return r, nil
}

// Module returns the module that holds the address.
func (r *Resolver) Module(addr uint64) (Module, bool) {
	if img := r.find(addr); img != nil {
		return img.Module, true
	}
	return Module{}, false
}

// find returns the loaded image that holds the address, or the last one that
// was unloaded from there.
func (r *Resolver) find(addr uint64) *image {
	i, found := slices.BinarySearchFunc(r.loaded, addr, func(m *image, a uint64) int { return cmp.Compare(m.Base, a) })
	if !found {
		i--
	}
	if i >= 0 && r.loaded[i].Contains(addr) {
		return r.loaded[i]
	}
	for _, img := range slices.Backward(r.unloaded) {
		if img.Contains(addr) {
			return img
		}
	}
	return nil
}

// IsSystem reports whether the module that holds the address is a library of
// the operating system.
func (r *Resolver) IsSystem(addr uint64) bool {
	img := r.find(addr)
	return img != nil && img.IsSystem()
}

// maxCached is how many addresses are remembered at most.
const maxCached = 1 << 16

// Frames returns the frames at a return address, innermost first. Outside
// every module it is one frame with the bare address. Since a return address
// may be the first of the next function, where the call was a function's last
// instruction, the byte before it is looked up; offsets count from the address
// itself, as WinDbg's do.
func (r *Resolver) Frames(returnAddress uint64) []Frame {
	r.mu.Lock()
	defer r.mu.Unlock()
	if f, ok := r.cache[returnAddress]; ok {
		return f
	}
	f := r.resolve(returnAddress)
	if len(r.cache) >= maxCached {
		// Stacks of a sound trace share far fewer addresses.
		clear(r.cache)
	}
	r.cache[returnAddress] = f
	return f
}

func (r *Resolver) resolve(returnAddress uint64) []Frame {
	if returnAddress == 0 {
		return []Frame{{}}
	}
	if frames := r.at(returnAddress-1, 1); frames != nil {
		return frames
	}
	return []Frame{{Address: returnAddress}}
}

// FramesAt returns the frames at an address that is no return address, such as
// the place of an exception, innermost first. It returns none for an address
// outside every module.
func (r *Resolver) FramesAt(address uint64) []Frame {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at(address, 0)
}

// at looks an address up that lies back bytes before the one that is asked
// for.
func (r *Resolver) at(lookup, back uint64) []Frame {
	img := r.find(lookup)
	if img == nil {
		return nil
	}
	f := Frame{Address: lookup + back, Module: img.Name(), Offset: lookup + back - img.Base, Unloaded: img.Unloaded}
	if img.Unloaded {
		return []Frame{f}
	}
	img.open(r.opts)
	if frames := img.framesAt(f, uint32(lookup-img.Base), back); frames != nil {
		return frames
	}
	return []Frame{f}
}

// Status returns how the names of each loaded module that was asked for are
// known, by its path: "PDB", or why there is none.
func (r *Resolver) Status() map[string]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	status := make(map[string]string)
	for _, img := range r.loaded {
		if img.status != "" {
			status[img.Path] = img.status
		}
	}
	return status
}

// Close closes the symbol files that were opened. No call may be under way.
func (r *Resolver) Close() error {
	var errs []error
	for _, img := range r.loaded {
		if img.pdb != nil {
			errs = append(errs, img.pdb.Close())
			img.pdb = nil
		}
	}
	return errors.Join(errs...)
}

// image is a module with what was read of it.
type image struct {
	Module
	memory io.ReaderAt
	opened bool
	pe     *pe.Image // nil where the memory holds no image
	pdb    *pdb.File // nil without a matching PDB
	// Machine is the IMAGE_FILE_MACHINE of the code; 0 where it is not known.
	Machine uint16
	status  string
}

// open reads the image in memory and looks for its PDB, once.
func (m *image) open(opts Options) {
	if m.opened {
		return
	}
	m.opened = true
	if img, err := pe.NewMapped(m.memory, int64(m.Size)); err == nil {
		m.pe = img
		m.Machine = uint16(img.Machine)
	}
	m.pdb, m.status = m.findPDB(opts.Directories)
	if m.pdb != nil {
		m.status = "PDB"
	}
}

// framesAt returns the frames at an RVA that lies back bytes before the
// address of f, which holds what is known so far; none where no name is known.
func (m *image) framesAt(f Frame, rva uint32, back uint64) []Frame {
	if frames := m.pdbFrames(f, rva, back); frames != nil {
		return frames
	}
	if m.name(&f, rva) {
		return []Frame{f}
	}
	if f.FunctionStart != 0 {
		return []Frame{f}
	}
	return nil
}

// x86 reports whether names in the image have x86 decorations.
func (m *image) x86() bool { return m.Machine == uint16(pe.IMAGE_FILE_MACHINE_I386) }
