package dwarfsym

import (
	"cmp"
	"debug/dwarf"
	"slices"
)

// tree is a decoded unit: its functions, what was inlined into them, and which
// entry is in which scope.
type tree struct {
	abbrevs   *abbrevs
	functions []functionRange // by RVA
	ends      []uint32        // the highest end of the functions up to each
	nodes     []node
	ranges    []codeRange
	scopes    []scope // by offset
	lines     *lineTable
	names     memo[uint64] // of functions, by the offset of their entries
	files     memo[uint32] // by number
}

// functionRange is code of a function; one with several ranges is several.
type functionRange struct {
	codeRange
	node int32
}

// node is a function or one inlined into it. Those inlined stand behind theirs,
// each behind the one that it is in.
type node struct {
	off                uint64 // of its entry
	parent             int32  // noNode for a function
	outer              int32  // the node that a function is nested in, or noNode
	end                int32  // behind the last node of its outermost function
	firstRange         int32
	numRanges          int32
	callFile, callLine uint32
}

// scope is an entry that gives others a qualified name, or is so named.
type scope struct {
	off    uint64
	parent uint64 // offset of the scope that it is in, 0 for none
	kind   scopeKind
}

type scopeKind uint8

const (
	scopeNone scopeKind = iota
	scopeNamespace
	scopeType
	scopeFunction
)

var scopeKinds = map[dwarf.Tag]scopeKind{
	dwarf.TagNamespace:       scopeNamespace,
	dwarf.TagModule:          scopeNamespace,
	dwarf.TagClassType:       scopeType,
	dwarf.TagStructType:      scopeType,
	dwarf.TagUnionType:       scopeType,
	dwarf.TagInterfaceType:   scopeType,
	dwarf.TagEnumerationType: scopeType,
	dwarf.TagSubprogram:      scopeFunction,
}

// level is where the decoder is in the tree of entries.
type level struct {
	node  int32  // the nearest node around, -1 for none
	scope uint64 // the nearest scope around
}

const (
	// maxDepth is more than compilers nest entries.
	maxDepth = 1024
	// maxKept bounds the nodes and the scopes of a unit.
	maxKept = 4 << 20
	noNode  = -1
)

// treeDecoder goes through a unit's entries.
type treeDecoder struct {
	f      *File
	u      *unit
	t      *tree
	r      reader
	levels []level
	ranges rangeReader
}

// decode reads a unit. It also returns how many bytes of abbreviations it took.
func (f *File) decode(u *unit) (*tree, int64) {
	t := &tree{}
	var read int64
	t.abbrevs, read = readAbbrevs(f.sections.abbrev, u.abbrev, 0)
	d := treeDecoder{f: f, u: u, t: t, levels: []level{{node: noNode}}}
	d.r.b = f.sections.info.read(u.first, int64(min(u.end-u.first, maxUnit)))
	d.ranges = rangeReader{f: f, u: u, budget: 1<<12 + len(d.r.b)/4}
	for d.next() {
	}
	t.finish()
	return t, read
}

// next reads an entry, and is false behind the last.
func (d *treeDecoder) next() bool {
	off := d.u.first + uint64(d.r.off)
	code := d.r.uleb()
	if d.r.bad || d.r.len() == 0 && code == 0 {
		return false
	}
	if code == 0 {
		if len(d.levels) == 1 {
			return d.r.len() > 0
		}
		d.levels = d.levels[:len(d.levels)-1]
		return len(d.levels) > 1 // the end of the first entry's children is the unit's
	}
	ab := d.t.abbrevs.get(code)
	if ab == nil {
		return false
	}
	var e entry
	e.read(&d.r, ab, d.u.shape, d.u.first)
	if d.r.bad {
		return false
	}
	if len(d.t.scopes) >= maxKept || len(d.t.nodes) >= maxKept {
		return false
	}
	inside := d.add(off, &e)
	if e.children {
		if len(d.levels) > maxDepth {
			return false
		}
		d.levels = append(d.levels, inside)
	}
	return true
}

// add keeps what is of use of an entry, and returns where its children are.
func (d *treeDecoder) add(off uint64, e *entry) level {
	at := d.levels[len(d.levels)-1]
	kind := scopeKinds[e.tag]
	if kind != scopeNone {
		d.t.scopes = append(d.t.scopes, scope{off, at.scope, kind})
		at.scope = off
	}
	if !e.isCode() {
		return at
	}
	parent, around := at.node, at.node
	if e.tag == dwarf.TagSubprogram {
		parent = noNode
	} else if parent == noNode {
		return at
	}
	first := len(d.t.ranges)
	d.t.ranges = d.ranges.ranges(d.t.ranges, e)
	if len(d.t.ranges) == first {
		at.node = noNode // a declaration, or what was inlined left no code
		if e.tag == dwarf.TagInlinedSubroutine {
			at.node = parent
		}
		return at
	}
	at.node = int32(len(d.t.nodes))
	d.t.nodes = append(d.t.nodes, node{
		off: off, parent: parent, outer: around, firstRange: int32(first), numRanges: int32(len(d.t.ranges) - first),
		callFile: uint32(e.callFile.n), callLine: uint32(e.callLine.n),
	})
	if parent == noNode {
		for _, r := range d.t.ranges[first:] {
			d.t.functions = append(d.t.functions, functionRange{r, at.node})
		}
	}
	return at
}

func (t *tree) finish() {
	end := int32(len(t.nodes))
	for i := len(t.nodes) - 1; i >= 0; i-- {
		t.nodes[i].end = end
		if t.nodes[i].parent == noNode && t.nodes[i].outer == noNode {
			end = int32(i)
		}
	}
	slices.SortStableFunc(t.functions, func(a, b functionRange) int { return cmp.Compare(a.low, b.low) })
	t.ends = make([]uint32, len(t.functions))
	highest := uint32(0)
	for i, fn := range t.functions {
		highest = max(highest, fn.high)
		t.ends[i] = highest
	}
}

// function returns the function that has the code at an address: of several the
// one that begins last, of those the first.
func (t *tree) function(rva uint32) (functionRange, bool) {
	i, _ := slices.BinarySearchFunc(t.functions, rva, func(fn functionRange, rva uint32) int {
		if fn.low <= rva {
			return -1
		}
		return 1
	})
	for n := i - 1; n >= 0 && n > i-maxOverlap && t.ends[n] > rva; n-- {
		if !t.functions[n].holds(rva) {
			continue
		}
		for n > 0 && t.functions[n-1].low == t.functions[n].low && t.functions[n-1].holds(rva) {
			n--
		}
		return t.functions[n], true
	}
	return functionRange{}, false
}

// chain returns the nodes at an address, from the function inwards.
func (t *tree) chain(function int32, rva uint32) []int32 {
	chain := []int32{function}
	for i := function + 1; i < t.nodes[function].end && len(chain) < maxDepth; i++ {
		n := &t.nodes[i]
		if n.parent == chain[len(chain)-1] && t.holds(n, rva) {
			chain = append(chain, i)
		}
	}
	return chain
}

func (t *tree) holds(n *node, rva uint32) bool {
	for _, r := range t.ranges[n.firstRange : n.firstRange+n.numRanges] {
		if r.holds(rva) {
			return true
		}
	}
	return false
}

// cost is about what the tree takes in memory.
func (t *tree) cost() int {
	n := 512 + 16*len(t.functions) + 40*len(t.nodes) + 8*len(t.ranges) + 24*len(t.scopes)
	for i := range t.abbrevs.list {
		n += 40 + 24*len(t.abbrevs.list[i].fields)
	}
	if t.lines != nil {
		n += t.lines.cost()
	}
	return n
}
