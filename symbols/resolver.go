package symbols

import (
	"cmp"
	"slices"
	"sync"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/symbols/pe"
)

// Frame is one level of a call stack.
type Frame = callstack.Frame

// Resolver names the code at addresses of one process. It is safe for
// concurrent use. Modules are opened when an address in them is first asked
// for.
type Resolver struct {
	loaded   []*image // by base
	unloaded []*image // in the order of the process, the last one to be unloaded last

	mu    sync.Mutex
	cache map[uint64][]Frame
}

// New returns a resolver over a process.
func New(p Process) (*Resolver, error) {
	modules, err := p.Modules()
	if err != nil {
		return nil, err
	}
	r := &Resolver{cache: make(map[uint64][]Frame)}
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
	r.cache[returnAddress] = f
	return f
}

func (r *Resolver) resolve(returnAddress uint64) []Frame {
	lookup := returnAddress
	if lookup > 0 {
		lookup--
	}
	img := r.find(lookup)
	if img == nil {
		return []Frame{{Address: returnAddress}}
	}
	f := Frame{Address: returnAddress, Module: img.Name(), Offset: returnAddress - img.Base, Unloaded: img.Unloaded}
	if !img.Unloaded {
		img.name(&f, uint32(lookup-img.Base))
	}
	return []Frame{f}
}

// image is a module with what was read of it.
type image struct {
	Module
	memory interface {
		ReadAt(p []byte, off int64) (int, error)
	}
	once sync.Once
	pe   *pe.Image // nil where the memory holds no image
}

func (m *image) open() *pe.Image {
	m.once.Do(func() {
		if img, err := pe.NewMapped(m.memory, int64(m.Size)); err == nil {
			m.pe = img
		}
	})
	return m.pe
}
