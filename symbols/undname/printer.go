package undname

import "strconv"

// A printer writes a tree as text. It stops, with over set, as soon as the
// text is longer than max: back references let a short name stand for a very
// long one.
type printer struct {
	tree  parser
	name  string
	out   []byte
	start int // where this name's text begins in out
	max   int
	depth int
	deep  int // the depth at which to give up
	style Style
	ptr64 bool
	over  bool
}

func (w *printer) at(id nodeID) *node { return w.tree.at(id) }

// deref follows back references.
func (w *printer) deref(id nodeID) *node {
	n := w.at(id)
	for n.kind == kindRef {
		n = w.at(n.a)
	}
	return n
}

func (w *printer) enter() bool {
	w.depth++
	if w.depth > w.deep || len(w.out)-w.start > w.max {
		w.over = true
	}
	return !w.over
}

func (w *printer) leave() { w.depth-- }

func (w *printer) str(s string) { w.out = append(w.out, s...) }

func (w *printer) byte(c byte) { w.out = append(w.out, c) }

// last is the byte written last, or 0.
func (w *printer) last() byte {
	if len(w.out) == w.start {
		return 0
	}
	return w.out[len(w.out)-1]
}

// space writes a blank after a word or a template.
func (w *printer) space() {
	c := w.last()
	if isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '>' {
		w.byte(' ')
	}
}

func (w *printer) uint(v uint64) { w.out = strconv.AppendUint(w.out, v, 10) }

func (w *printer) integer(n *node) {
	if n.flags&flagNegative != 0 {
		w.byte('-')
	}
	w.uint(n.num)
}

// comma separates the parts of a list.
func (w *printer) comma() {
	w.byte(',')
	if w.style == Full {
		w.byte(' ')
	}
}

// integers writes a list of numbers.
func (w *printer) integers(id nodeID) {
	for first := id; id != 0; id = w.at(id).next {
		if id != first {
			w.comma()
		}
		w.integer(w.at(id))
	}
}

// join writes types or values with commas between.
func (w *printer) join(id nodeID) {
	for first := id; id != 0 && !w.over; id = w.at(id).next {
		if id != first {
			w.comma()
		}
		w.templateArg(id)
	}
}
