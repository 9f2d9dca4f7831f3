package undname

import (
	"math"
	"strconv"
)

// constant writes a template argument that is neither a type nor an integer.
func (w *printer) constant(n *node) {
	if !w.enter() {
		return
	}
	defer w.leave()
	switch n.kind {
	case kindEntity:
		w.entity(n)
	case kindFloat:
		w.float(n)
	case kindObject:
		w.typ(n.a)
		w.braces(n.b)
	case kindElement:
		w.braces(n.a)
	case kindUnion:
		w.union(n)
	case kindPart:
		w.byte('&')
		w.templateArg(n.a)
	case kindField:
		w.templateArg(n.a)
		w.byte('.')
		w.identifier(n.b)
	case kindIndex:
		w.templateArg(n.a)
		w.byte('[')
		w.integer(w.at(n.b))
		w.byte(']')
	case kindMember:
		w.byte('&')
		w.qualified(n.a)
		w.str("::")
		w.identifier(n.b)
	case kindNull:
		w.str("nullptr")
	}
}

func (w *printer) braces(values nodeID) {
	w.byte('{')
	w.join(values)
	w.byte('}')
}

func (w *printer) union(n *node) {
	w.typ(n.a)
	w.byte('{')
	if n.b != 0 {
		w.byte('.')
		w.identifier(n.b)
		w.byte('=')
		w.templateArg(n.c)
	}
	w.byte('}')
}

// entity writes a reference to or the address of a symbol; a pointer to a
// member comes with displacements, in braces.
func (w *printer) entity(n *node) {
	switch {
	case n.c != 0:
		w.byte('{')
	case n.flags&flagAddress != 0:
		w.byte('&')
	}
	if n.a != 0 {
		w.symbol(n.a)
		if n.c != 0 {
			w.comma()
		}
	}
	if n.c != 0 {
		w.integers(n.c)
		w.byte('}')
	}
}

func (w *printer) float(n *node) {
	if n.aux == 4 {
		w.out = strconv.AppendFloat(w.out, float64(math.Float32frombits(uint32(n.num))), 'g', -1, 32)
		return
	}
	w.out = strconv.AppendFloat(w.out, math.Float64frombits(n.num), 'g', -1, 64)
}
