package undname

// A funcClass says what kind of function a symbol is.
type funcClass uint16

const (
	fcPublic funcClass = 1 << iota
	fcProtected
	fcPrivate
	fcGlobal
	fcStatic
	fcVirtual
	fcExternC
	fcNoParams   // the decoration holds no signature
	fcAdjust     // a thunk that adjusts this by a constant
	fcVtordisp   // a thunk that adjusts this by a vtordisp field
	fcVtordispEx // the same, with a virtual base
	fcThunk      // a thunk of another kind
)

// Function classes by letter: per access, near and far: plain, static,
// virtual, adjusting thunk; Y and Z are no members.
var funcClasses = ['Z' + 1]funcClass{
	'A': fcPrivate, 'B': fcPrivate,
	'C': fcPrivate | fcStatic, 'D': fcPrivate | fcStatic,
	'E': fcPrivate | fcVirtual, 'F': fcPrivate | fcVirtual,
	'G': fcPrivate | fcAdjust, 'H': fcPrivate | fcAdjust,
	'I': fcProtected, 'J': fcProtected,
	'K': fcProtected | fcStatic, 'L': fcProtected | fcStatic,
	'M': fcProtected | fcVirtual, 'N': fcProtected | fcVirtual,
	'O': fcProtected | fcVirtual | fcAdjust, 'P': fcProtected | fcVirtual | fcAdjust,
	'Q': fcPublic, 'R': fcPublic,
	'S': fcPublic | fcStatic, 'T': fcPublic | fcStatic,
	'U': fcPublic | fcVirtual, 'V': fcPublic | fcVirtual,
	'W': fcPublic | fcVirtual | fcAdjust, 'X': fcPublic | fcVirtual | fcAdjust,
	'Y': fcGlobal, 'Z': fcGlobal,
}

// Accesses of the thunks $0 to $5, near and far.
var vtordispAccess = [6]funcClass{fcPrivate, fcPrivate, fcProtected, fcProtected, fcPublic, fcPublic}

type convention uint8

const (
	ccNone convention = iota
	ccCdecl
	ccPascal
	ccThiscall
	ccStdcall
	ccFastcall
	ccClrcall
	ccEabi
	ccVectorcall
	ccSwift
	ccSwiftAsync
	ccRegcall
)

var conventions = [128]convention{
	'A': ccCdecl, 'B': ccCdecl,
	'C': ccPascal, 'D': ccPascal,
	'E': ccThiscall, 'F': ccThiscall,
	'G': ccStdcall, 'H': ccStdcall,
	'I': ccFastcall, 'J': ccFastcall,
	'M': ccClrcall, 'N': ccClrcall,
	'O': ccEabi, 'P': ccEabi,
	'Q': ccVectorcall,
	'S': ccSwift, 'W': ccSwiftAsync,
	'w': ccRegcall, 'x': ccRegcall,
}

// function reads a signature; those of member functions start with the
// qualifiers of this.
func (p *parser) function(member bool) nodeID {
	if !p.enter() {
		return 0
	}
	defer p.leave()
	n := node{kind: kindFunction}
	if member {
		p.thisQualifiers(&n)
	}
	if p.done() {
		return p.fail("expected a calling convention")
	}
	if c := p.next(); c < 128 {
		n.num = uint64(conventions[c])
	}
	if !p.acceptByte('@') { // @: a constructor or destructor
		n.a = p.parseType(qualResult)
	}
	n.b = p.parameters(&n)
	switch {
	case p.accept("_E"):
		n.flags |= flagNoexcept
	case !p.acceptByte('Z'):
		return p.fail("expected the end of a function")
	}
	return p.add(n)
}

func (p *parser) thisQualifiers(n *node) {
	n.quals = p.extQualifiers()
	if p.acceptByte('G') {
		n.flags |= flagLvalueRef
	} else if p.acceptByte('H') {
		n.flags |= flagRvalueRef
	}
	q, _ := p.cvQualifiers()
	n.quals |= q
}

// parameters reads the parameter types up to @ or, with "...", Z. A digit
// stands for one of the first ten types of more than one letter.
func (p *parser) parameters(fn *node) nodeID {
	if p.acceptByte('X') {
		fn.flags |= flagVoid
		return 0
	}
	var l list
	for !p.failed {
		switch {
		case p.acceptByte('@'):
			return l.head
		case p.acceptByte('Z'):
			fn.flags |= flagVariadic
			return l.head
		case p.digit():
			p.push(&l, p.backrefParam())
		default:
			p.push(&l, p.parameter())
		}
	}
	return 0
}

func (p *parser) backrefParam() nodeID {
	i := int(p.peek() - '0')
	if i >= p.refs.nParam {
		return p.fail("back reference to a parameter that is not there")
	}
	p.pos++
	return p.ref(p.refs.params[i])
}

func (p *parser) parameter() nodeID {
	start := p.pos
	id := p.parseType(qualDrop)
	r := &p.refs
	if !p.failed && p.pos-start > 1 && r.nParam < len(r.params) {
		r.params[r.nParam] = id
		r.nParam++
	}
	return id
}

// functionSymbol reads what follows a function's name. The symbol has no name
// yet.
func (p *parser) functionSymbol() nodeID {
	var class funcClass
	switch {
	case p.accept("$$J0"):
		class = fcExternC
	case p.accept("$$F"), p.accept("$$H"):
		// Managed code, which neither style shows.
	}
	class |= p.functionClass()
	adjust := p.adjustment(class)
	if p.failed {
		return 0
	}
	var fn nodeID
	if class&fcNoParams != 0 {
		fn = p.add(node{kind: kindFunction})
	} else {
		fn = p.function(class&(fcGlobal|fcStatic) == 0)
	}
	if p.failed {
		return 0
	}
	f := p.at(fn)
	f.aux, f.c = uint16(class), adjust
	return p.add(node{kind: kindFuncSymbol, a: fn})
}

func (p *parser) functionClass() funcClass {
	c := p.peek()
	switch {
	case c >= 'A' && c <= 'Z':
		p.pos++
		return funcClasses[c]
	case c == '9': // extern "C", found as a scope
		p.pos++
		return fcExternC | fcNoParams
	case c == '$':
		p.pos++
		return p.vtordispClass()
	}
	p.fail("expected the kind of a symbol")
	return 0
}

func (p *parser) vtordispClass() funcClass {
	class := fcVirtual | fcVtordisp
	if p.acceptByte('R') {
		class |= fcVtordispEx
	}
	c := p.peek()
	if c < '0' || c > '5' {
		p.fail("unknown kind of thunk")
		return 0
	}
	p.pos++
	return class | vtordispAccess[c-'0']
}

// adjustment reads by how much a thunk moves this. The last number is
// unsigned; all have 32 bits.
func (p *parser) adjustment(class funcClass) nodeID {
	count := 0
	switch {
	case class&fcAdjust != 0:
		count = 1
	case class&fcVtordispEx != 0:
		count = 4
	case class&fcVtordisp != 0:
		count = 2
	}
	var l list
	for i := range count {
		id := p.offset32(i == count-1)
		if p.failed {
			return 0
		}
		p.push(&l, id)
	}
	return l.head
}
