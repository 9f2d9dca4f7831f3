package pdb

import (
	"encoding/binary"
	"slices"
)

// inlineLevel is one function of a chain of inlined calls at an address.
type inlineLevel struct {
	inlinee uint32
	row     row
	covered bool // row holds the address
}

const (
	inlineSiteHeader  = 16 // up to the annotations
	inlineSite2Header = 20 // with the number of invocations

	// maxInlineDepth bounds the nesting that is followed. Compilers stop far
	// below it.
	maxInlineDepth = 512

	// bigScope is the size in bytes from which a procedure's inline sites are
	// decoded once and kept, where smaller ones are read again each time.
	bigScope = 8 << 10
)

// walkInlineSites visits the inline sites of a scope, whose first record opens
// it, parents before children. Depth counts from 1.
func walkInlineSites(scope []byte, visit func(depth int, inlinee uint32, annotations []byte)) {
	depth, scopes := 0, 0
	for len(scope) >= 4 {
		n := 2 + int(binary.LittleEndian.Uint16(scope))
		if n < 4 || n > len(scope) {
			return
		}
		rec := scope[:n]
		scope = scope[n:]
		switch kind := recordKind(rec); roleOf(kind) {
		case roleInlineSite:
			depth++
			header := inlineSiteHeader
			if kind == symInlineSite2 {
				header = inlineSite2Header
			}
			if len(rec) >= header && depth <= maxInlineDepth {
				visit(depth, binary.LittleEndian.Uint32(rec[12:]), rec[header:])
			}
		case roleInlineSiteEnd:
			depth = max(depth-1, 0)
		case roleCloses:
			scopes--
			if scopes <= 0 {
				return
			}
		case roleOpens:
			scopes++
		}
	}
}

// chainFinder looks for the inlined calls at one offset of a procedure's code.
type chainFinder struct {
	chunk, off  uint32
	open, chain []inlineLevel // from the outermost in: the site at hand, the answer so far
}

// inlineChain finds the inlined calls at an offset of the procedure's code,
// outermost first. The deepest site that holds the offset decides, whether or
// not its parents' ranges hold it too: compilers write ranges that are not
// nested.
func (f *File) inlineChain(sc *scratch, x *moduleIndex, pr proc, chunk, off uint32) []inlineLevel {
	c := &sc.finder
	c.chunk, c.off = chunk, off
	c.open, c.chain = c.open[:0], c.chain[:0]
	if pr.scope >= bigScope {
		f.inlineTree(x, pr).find(c)
		return c.chain
	}
	scope, err := x.stream.bytes(sc.body, pr.sym, pr.scope)
	if err != nil {
		return nil
	}
	sc.body = scope
	walkInlineSites(scope, c.visit)
	return c.chain
}

func (c *chainFinder) visit(depth int, id uint32, annotations []byte) {
	level := inlineLevel{inlinee: id}
	r := rowReader{data: annotations}
	for r.next() {
		if r.row.start <= c.off && c.off < r.row.end && r.row.chunk == c.chunk {
			level.row, level.covered = r.row, true
			break
		}
	}
	c.open = append(c.open[:min(depth-1, len(c.open))], level)
	if !level.covered || len(c.open) < len(c.chain) {
		return
	}
	if n := len(c.chain); n == len(c.open) && c.chain[n-1].row.start >= level.row.start {
		return
	}
	c.chain = append(c.chain[:0], c.open...)
}

// inlineTree is the decoded form of a big procedure's inline sites.
type inlineTree struct {
	sites  []inlineSite
	rows   []row
	levels [][]span // of each depth, without overlaps; ids are indices in rows
	owners []uint32 // of each row its site
}

type inlineSite struct {
	inlinee uint32
	parent  int32 // -1: the procedure itself
	depth   int32 // from 0
}

func (t *inlineTree) cost() int {
	n := 128 + 12*cap(t.sites) + 28*cap(t.rows) + 4*cap(t.owners)
	for _, l := range t.levels {
		n += 24 + 16*cap(l)
	}
	return n
}

func (f *File) inlineTree(x *moduleIndex, pr proc) *inlineTree {
	key := tableKey(x.stream, pr.sym)
	if t, ok := f.tables.Get(key); ok && t.inlines != nil {
		return t.inlines
	}
	t := &inlineTree{}
	scope, err := x.stream.bytes(nil, pr.sym, pr.scope)
	if err != nil {
		return t
	}
	var open []int32
	walkInlineSites(scope, func(depth int, id uint32, annotations []byte) {
		t.add(&open, depth, id, annotations)
	})
	for i := range t.levels {
		sortSpans(t.levels[i])
		t.levels[i] = slices.Clip(flatten(t.levels[i]))
	}
	f.tables.Put(key, table{inlines: t}, t.cost())
	return t
}

func (t *inlineTree) add(open *[]int32, depth int, id uint32, annotations []byte) {
	depth = min(depth-1, len(*open))
	*open = (*open)[:depth]
	site := inlineSite{inlinee: id, parent: -1, depth: int32(depth)}
	if depth > 0 {
		site.parent = (*open)[depth-1]
	}
	index := len(t.sites)
	*open = append(*open, int32(index))
	t.sites = append(t.sites, site)
	for len(t.levels) <= depth {
		t.levels = append(t.levels, nil)
	}
	r := rowReader{data: annotations}
	for r.next() {
		t.levels[depth] = append(t.levels[depth], span{r.row.start, r.row.end, uint32(len(t.rows)), uint16(r.row.chunk)})
		t.rows = append(t.rows, r.row)
		t.owners = append(t.owners, uint32(index))
	}
}

// find is inlineChain from the decoded form.
func (t *inlineTree) find(c *chainFinder) {
	at := place{uint16(c.chunk), c.off}
	for d := len(t.levels) - 1; d >= 0; d-- {
		i := findSpan(t.levels[d], at)
		if i < 0 {
			continue
		}
		site := int32(t.owners[t.levels[d][i].id])
		for ; site >= 0; site = t.sites[site].parent {
			c.chain = append(c.chain, t.level(site, at))
		}
		slices.Reverse(c.chain)
		return
	}
}

// level is the site's own row at the place, if it has one.
func (t *inlineTree) level(site int32, at place) inlineLevel {
	s := t.sites[site]
	l := inlineLevel{inlinee: s.inlinee}
	if i := findSpan(t.levels[s.depth], at); i >= 0 {
		if id := t.levels[s.depth][i].id; t.owners[id] == uint32(site) {
			l.row, l.covered = t.rows[id], true
		}
	}
	return l
}
