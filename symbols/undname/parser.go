package undname

import "strings"

// A parser turns one decorated name into a tree. Errors are sticky: the first
// one is kept and the rest of the input is dropped, so that every loop and
// every recursion ends by itself.
type parser struct {
	name     string
	pos      int
	count    nodeID // of nodes; number 0 is none
	refs     backrefs
	depth    int
	maxDepth int
	failed   bool
	limit    bool // the failure is a limit, not the name's
	missing  bool // the failure is a name that a digit should stand for
	old      bool // names are those of Visual C++ 6
	errPos   int
	reason   string

	// The tree's nodes: the first ones here, so that most names need nothing
	// from the heap. (A slice of an array on the stack would move it there.)
	few  [96]node
	many []node
}

// backrefs holds what the digits 0 to 9 stand for: names and parameter types,
// counted apart, anew within each template instantiation.
type backrefs struct {
	names  [10]nodeID
	spans  [10]uint64 // the decorated text behind each name
	params [10]nodeID
	nName  int
	nParam int
}

func (p *parser) fail(reason string) nodeID {
	if !p.failed {
		p.failed = true
		p.errPos = p.pos
		p.reason = reason
		p.pos = len(p.name)
	}
	return 0
}

// enter counts a level of nesting and reports whether it may be entered. Each
// call is followed by one of leave.
func (p *parser) enter() bool {
	p.depth++
	if p.depth > p.maxDepth && !p.failed {
		p.fail("nested too deeply")
		p.limit = true
	}
	return !p.failed
}

func (p *parser) leave() { p.depth-- }

func (p *parser) add(n node) nodeID {
	p.count++
	if int(p.count) < len(p.few) {
		p.few[p.count] = n
	} else {
		if p.many == nil {
			p.many = make([]node, 0, 2*len(p.few))
		}
		p.many = append(p.many, n)
	}
	return p.count
}

// at is the node with the number id. It stays valid only up to the next add.
func (p *parser) at(id nodeID) *node {
	if int(id) < len(p.few) {
		return &p.few[id]
	}
	return &p.many[int(id)-len(p.few)]
}

// peek is the next byte, or 0 at the end.
func (p *parser) peek() byte {
	if p.pos < len(p.name) {
		return p.name[p.pos]
	}
	return 0
}

// peekAt is the byte i places on, or 0 past the end.
func (p *parser) peekAt(i int) byte {
	if p.pos+i < len(p.name) {
		return p.name[p.pos+i]
	}
	return 0
}

func (p *parser) next() byte {
	c := p.peek()
	if p.pos < len(p.name) {
		p.pos++
	}
	return c
}

func (p *parser) done() bool { return p.pos >= len(p.name) }

func (p *parser) rest() string { return p.name[p.pos:] }

func (p *parser) has(s string) bool { return strings.HasPrefix(p.rest(), s) }

func (p *parser) accept(s string) bool {
	if !p.has(s) {
		return false
	}
	p.pos += len(s)
	return true
}

func (p *parser) acceptByte(c byte) bool {
	if p.pos >= len(p.name) || p.name[p.pos] != c {
		return false
	}
	p.pos++
	return true
}

func (p *parser) digit() bool { return isDigit(p.peek()) }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// A list builds a chain of nodes in order.
type list struct{ head, tail nodeID }

// push appends id, which must be in no other list.
func (p *parser) push(l *list, id nodeID) {
	if l.tail == 0 {
		l.head = id
	} else {
		p.at(l.tail).next = id
	}
	l.tail = id
}

// ref makes a node that stands for another which is in some list already.
func (p *parser) ref(id nodeID) nodeID {
	return p.add(node{kind: kindRef, a: id})
}

// remember keeps a name for back references, unless it is there or ten are.
func (p *parser) remember(id nodeID, start, end int) {
	r := &p.refs
	if p.failed || r.nName >= len(r.names) {
		return
	}
	text := p.name[start:end]
	for _, s := range r.spans[:r.nName] {
		if p.name[s>>32:uint32(s)] == text {
			return
		}
	}
	r.names[r.nName] = id
	r.spans[r.nName] = span(start, end)
	r.nName++
}

// backrefName reads a digit that stands for a name.
func (p *parser) backrefName() nodeID {
	i := int(p.peek() - '0')
	if i >= p.refs.nName {
		p.missing = !p.failed
		return p.fail("back reference to a name that is not there")
	}
	p.pos++
	return p.ref(p.refs.names[i])
}
