package breakpad

import (
	"cmp"
	"slices"
)

// index says where the records of a file are. Each list is sorted, and of
// equals the first in the file stands first.
type index struct {
	functions []functionPlace
	ends      []uint32 // the highest end of the functions up to each
	publics   []place
	files     []place
	origins   []place
}

// place is where the record of an address, or of a number, stands in the text.
type place struct {
	offset int64
	key    uint32
}

type functionPlace struct {
	offset    int64
	rva, size uint32
}

// readIndex goes through the text once. Where a part cannot be read, what
// stands before it is used.
func (f *File) readIndex() *index {
	x := &index{}
	for s := newScanner(f.r, 0, f.size); s.next(); {
		if len(s.line) == 0 || s.line[0] < 'F' || s.line[0] > 'P' {
			continue // most lines by far: numbers, and STACK records
		}
		x.add(s.line, s.offset)
	}
	x.finish()
	return x
}

func (x *index) add(text []byte, offset int64) {
	keyword, rest := word(text)
	switch string(keyword) {
	case "FUNC":
		if s, ok := functionRecord(rest); ok {
			x.functions = append(x.functions, functionPlace{offset, s.rva, s.size})
		}
	case "PUBLIC":
		if s, ok := publicRecord(rest); ok {
			x.publics = append(x.publics, place{offset, s.rva})
		}
	case "FILE":
		x.files = appendNumbered(x.files, rest, offset)
	case "INLINE_ORIGIN":
		x.origins = appendNumbered(x.origins, rest, offset)
	}
}

func appendNumbered(places []place, rest []byte, offset int64) []place {
	w, _ := word(rest)
	if n, ok := number(w, decimal); ok {
		places = append(places, place{offset, n})
	}
	return places
}

func (x *index) finish() {
	for _, list := range []*[]place{&x.publics, &x.files, &x.origins} {
		sortPlaces(*list)
		*list = slices.Clip(*list)
	}
	slices.SortStableFunc(x.functions, func(a, b functionPlace) int { return cmp.Compare(a.rva, b.rva) })
	x.functions = slices.Clip(firstOfEach(x.functions))
	x.ends = make([]uint32, len(x.functions))
	highest := uint32(0)
	for i := range x.functions {
		x.functions[i].size = x.sizeOf(i)
		highest = max(highest, x.functions[i].end())
		x.ends[i] = highest
	}
}

func sortPlaces(places []place) {
	byKey := func(a, b place) int { return cmp.Compare(a.key, b.key) }
	if !slices.IsSortedFunc(places, byKey) {
		slices.SortStableFunc(places, byKey)
	}
}

// firstOfEach leaves one function at each address, as Breakpad does: the first,
// or the first that has a size.
func firstOfEach(functions []functionPlace) []functionPlace {
	kept := functions[:0]
	for _, f := range functions {
		last := len(kept) - 1
		switch {
		case last < 0 || kept[last].rva != f.rva:
			kept = append(kept, f)
		case kept[last].size == 0:
			kept[last] = f
		}
	}
	return kept
}

// sizeOf returns a function's size; one that is not stored reaches up to the
// next symbol.
func (x *index) sizeOf(i int) uint32 {
	f := x.functions[i]
	if f.size != 0 {
		return min(f.size, 1<<32-1-f.rva)
	}
	end := uint32(1<<32 - 1)
	if i+1 < len(x.functions) {
		end = x.functions[i+1].rva
	}
	if p := after(x.publics, f.rva); p < len(x.publics) {
		end = min(end, x.publics[p].key)
	}
	return end - f.rva
}

func (f *functionPlace) end() uint32 { return f.rva + f.size }

// after returns the first place with a greater key.
func after(places []place, key uint32) int {
	i, _ := slices.BinarySearchFunc(places, key, func(p place, key uint32) int {
		if p.key <= key {
			return -1
		}
		return 1
	})
	return i
}

// maxOverlap is how many functions before an address are looked at for one that
// reaches over those behind it.
const maxOverlap = 4096

// function returns the function that holds an address, of several the one that
// begins last, and the RVA at which the last function up to it begins.
func (x *index) function(rva uint32) (found *functionPlace, nearest uint32) {
	i, exact := slices.BinarySearchFunc(x.functions, rva, func(f functionPlace, rva uint32) int {
		return cmp.Compare(f.rva, rva)
	})
	if !exact {
		i--
	}
	if i < 0 {
		return nil, 0
	}
	nearest = x.functions[i].rva
	for n := i; n >= 0 && n > i-maxOverlap && x.ends[n] > rva; n-- {
		if x.functions[n].end() > rva {
			return &x.functions[n], nearest
		}
	}
	return nil, nearest
}

// public returns the public symbol that names an address which no function
// holds: the last before it, unless a function begins between.
func (x *index) public(rva, nearest uint32) (place, bool) {
	i := after(x.publics, rva) - 1
	if i < 0 || x.publics[i].key < nearest {
		return place{}, false
	}
	for i > 0 && x.publics[i-1].key == x.publics[i].key {
		i--
	}
	return x.publics[i], true
}

// numbered returns where the record with a number stands.
func numbered(places []place, n uint32) (int64, bool) {
	i, found := slices.BinarySearchFunc(places, n, func(p place, n uint32) int { return cmp.Compare(p.key, n) })
	if !found {
		return 0, false
	}
	return places[i].offset, true
}
