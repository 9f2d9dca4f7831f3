package symbols

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"unsafe"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/internal/bytecache"
)

// Frame is one level of a call stack.
type Frame = callstack.Frame

// Resolver names the code at addresses of one process. Its methods but Close
// may be called by several goroutines at once. Modules are opened when an
// address in them is first asked for. The slices of frames that it returns are
// shared: do not change them.
type Resolver struct {
	process  Process
	loaded   []*image // by base
	unloaded []*image // in the order of the process, the last one to be unloaded last
	warnings []error
	answers  [2]*bytecache.Cache[[]Frame] // by how far before the address was looked up
}

// cacheShards is how many goroutines can use the cache at once, roughly.
const cacheShards = 32

// New returns a resolver over a process. Close releases the files that it
// opened. A process whose modules cannot be read has none: see
// [Resolver.Warnings]. Only wrong options are an error.
func New(p Process, opts Options) (*Resolver, error) {
	if opts.CacheBytes < 0 {
		return nil, errCacheBytes
	}
	r := &Resolver{process: p}
	limit := cmp.Or(opts.CacheBytes, defaultCacheBytes)
	for i := range r.answers {
		r.answers[i] = bytecache.New[[]Frame](cacheShards, limit/len(r.answers))
	}
	modules, err := p.Modules()
	if err != nil {
		r.warnings = append(r.warnings, err)
	}
	find, openers := opts.locator(), opts.openers()
	for _, m := range modules {
		t := newTarget(m, nil, find)
		if m.Unloaded {
			r.unloaded = append(r.unloaded, newImage(t, nil))
			continue
		}
		t.memory = p.Memory(&t.Module)
		r.loaded = append(r.loaded, newImage(t, openers))
	}
	slices.SortStableFunc(r.loaded, func(a, b *image) int { return cmp.Compare(a.Base, b.Base) })
	// Of several modules at one base the first of the process counts.
	r.loaded = slices.CompactFunc(r.loaded, func(a, b *image) bool { return a.Base == b.Base })
	return r, nil
}

// Warnings returns what was wrong with the process's modules. What could be
// read of them is used.
func (r *Resolver) Warnings() []error { return slices.Clone(r.warnings) }

// Module returns the module that holds the address.
func (r *Resolver) Module(addr uint64) (Module, bool) {
	if img := r.find(addr); img != nil {
		return img.Module, true
	}
	return Module{}, false
}

// Modules walks the modules, the loaded ones by their base and then the
// unloaded ones, with how their names are known by now.
func (r *Resolver) Modules() iter.Seq[ModuleStatus] {
	return func(yield func(ModuleStatus) bool) {
		for _, list := range [][]*image{r.loaded, r.unloaded} {
			for _, img := range list {
				if !yield(img.status()) {
					return
				}
			}
		}
	}
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
	frames, _ := r.FramesContext(context.Background(), returnAddress)
	return frames
}

// FramesContext is [Resolver.Frames] for one who may lose patience while
// symbol files are looked for. The error is ctx's; the frames are then the bare
// address.
func (r *Resolver) FramesContext(ctx context.Context, returnAddress uint64) ([]Frame, error) {
	return r.answer(ctx, returnAddress, afterCall)
}

// FramesAt returns the frames at an address that is no return address, such as
// the place of an exception, innermost first. It returns none for an address
// outside every module, unless it lies in generated code.
func (r *Resolver) FramesAt(address uint64) []Frame {
	frames, _ := r.answer(context.Background(), address, itself)
	return frames
}

// How many bytes before an address is looked up.
const (
	itself    = 0
	afterCall = 1
)

// answer returns the frames at an address of which the byte back before it is
// looked up.
func (r *Resolver) answer(ctx context.Context, address, back uint64) ([]Frame, error) {
	cache := r.answers[back]
	if frames, ok := cache.Get(address); ok {
		return frames, nil
	}
	frames, err := r.at(ctx, address, back)
	if frames == nil && back == afterCall {
		frames = []Frame{{Address: address}}
	}
	if err == nil {
		cache.Put(address, frames, costOf(frames))
	}
	return frames, err
}

// costOf is the memory that an answer takes, roughly.
func costOf(frames []Frame) int {
	const entry = 96 // of the cache's own
	cost := entry + len(frames)*int(unsafe.Sizeof(Frame{}))
	for i := range frames {
		cost += len(frames[i].Function) + len(frames[i].Symbol) + len(frames[i].File)
	}
	return cost
}

// maxRVA is the highest address in an image, counted from its base.
const maxRVA = 1<<32 - 1

func (r *Resolver) at(ctx context.Context, address, back uint64) ([]Frame, error) {
	if address < back {
		return nil, nil
	}
	lookup := address - back
	img := r.find(lookup)
	if img == nil {
		return r.outside(address, lookup), nil
	}
	at := Frame{Address: address, Module: img.Name(), Offset: address - img.Base, Unloaded: img.Unloaded}
	rva := lookup - img.Base
	if img.Unloaded || rva > maxRVA {
		return []Frame{at}, nil
	}
	frames, err := img.frames(ctx, uint32(rva))
	if len(frames) == 0 {
		return []Frame{at}, err
	}
	return img.place(ctx, frames, at, back), nil
}

// outside returns the frame of an address in generated code, and none for
// another.
func (r *Resolver) outside(address, lookup uint64) []Frame {
	if regions, ok := r.process.(Regions); ok && regions.IsGeneratedCode(lookup) {
		return []Frame{{Address: address, Generated: true}}
	}
	return nil
}

// Close closes the symbol files that were opened. No call may be under way.
func (r *Resolver) Close() error {
	var errs []error
	for _, img := range r.loaded {
		errs = append(errs, img.close())
	}
	return errors.Join(errs...)
}
