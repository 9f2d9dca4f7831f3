package cab

import (
	"container/heap"
	"encoding/binary"
)

// matcher finds matches by the last place of each four bytes.
type matcher struct {
	data   []byte
	window int
	last   map[uint32]int
	known  int // what is in last
	recent [3]int
}

func newMatcher(data []byte, window int) *matcher {
	return &matcher{data: data, window: window, last: make(map[uint32]int), recent: [3]int{1, 1, 1}}
}

const maxMatch = 257

// tokens cuts data[from:to]. No match crosses the end of a frame.
func (m *matcher) tokens(from, to int) []token {
	var out []token
	for at := from; at < to; {
		limit := min(to, at-at%maxBlock+maxBlock, at+maxMatch)
		m.learn(at)
		t := m.find(at, limit)
		if t.length == 0 {
			t.literal = m.data[at]
			at++
		} else {
			m.recent = [3]int{t.offset, m.recent[0], m.recent[1]}
			at += t.length
		}
		out = append(out, t)
	}
	return out
}

func (m *matcher) find(at, limit int) token {
	var best token
	try := func(offset, least int) {
		if offset < 1 || offset > at || offset > m.window-3 {
			return
		}
		n := 0
		for at+n < limit && m.data[at+n] == m.data[at+n-offset] {
			n++
		}
		if n >= least && n > best.length {
			best = token{length: n, offset: offset}
		}
	}
	for _, r := range m.recent {
		try(r, minMatch)
	}
	if at+4 <= len(m.data) {
		if p, ok := m.last[binary.LittleEndian.Uint32(m.data[at:])]; ok {
			try(at-p, 4)
		}
	}
	return best
}

func (m *matcher) learn(to int) {
	for ; m.known < to && m.known+4 <= len(m.data); m.known++ {
		m.last[binary.LittleEndian.Uint32(m.data[m.known:])] = m.known
	}
}

// huffman returns code lengths for symbols with these counts.
func huffman(counts []int, limit int) []uint8 {
	for floor := 1; ; floor *= 2 {
		lengths, longest := huffmanOnce(counts, floor)
		if longest <= limit {
			return lengths
		}
	}
}

// huffmanOnce takes each count for floor at least, which flattens the tree.
func huffmanOnce(counts []int, floor int) ([]uint8, int) {
	lengths := make([]uint8, len(counts))
	var h nodes
	for s, c := range counts {
		if c > 0 {
			h = append(h, &node{weight: max(c, floor), symbols: []int{s}})
		}
	}
	if len(h) == 1 {
		lengths[h[0].symbols[0]] = 1
	}
	heap.Init(&h)
	longest := 1
	for len(h) > 1 {
		a, b := heap.Pop(&h).(*node), heap.Pop(&h).(*node)
		joined := &node{weight: a.weight + b.weight, symbols: append(a.symbols, b.symbols...)}
		for _, s := range joined.symbols {
			lengths[s]++
			longest = max(longest, int(lengths[s]))
		}
		heap.Push(&h, joined)
	}
	return lengths, longest
}

type node struct {
	weight  int
	symbols []int
}

type nodes []*node

func (h nodes) Len() int           { return len(h) }
func (h nodes) Less(i, j int) bool { return h[i].weight < h[j].weight }
func (h nodes) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *nodes) Push(x any)        { *h = append(*h, x.(*node)) }
func (h *nodes) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

// canonical returns the codes of the lengths.
func canonical(lengths []uint8) []uint32 {
	codes := make([]uint32, len(lengths))
	code := uint32(0)
	for l := uint8(1); l <= maxCodeLength; l++ {
		code <<= 1
		for s, have := range lengths {
			if have == l {
				codes[s] = code
				code++
			}
		}
	}
	return codes
}
