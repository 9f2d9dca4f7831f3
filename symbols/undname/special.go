package undname

// A fixedName is a name that no identifier spells.
type fixedName uint16

const (
	nameAnonymous fixedName = iota
	nameVftable
	nameVbtable
	nameLocalVftable
	nameLocator
	nameBaseArray
	nameHierarchy
	nameDescriptor
	nameDescriptorName
	nameThrowInfo
	nameCatchableArray
	nameCatchable
)

var fixedText = [...]string{
	nameAnonymous:      "`anonymous namespace'",
	nameVftable:        "`vftable'",
	nameVbtable:        "`vbtable'",
	nameLocalVftable:   "`local vftable'",
	nameLocator:        "`RTTI Complete Object Locator'",
	nameBaseArray:      "`RTTI Base Class Array'",
	nameHierarchy:      "`RTTI Class Hierarchy Descriptor'",
	nameDescriptor:     "`RTTI Type Descriptor'",
	nameDescriptorName: "`RTTI Type Descriptor Name'",
	nameThrowInfo:      "`throw info'",
	nameCatchableArray: "`catchable type array'",
	nameCatchable:      "`catchable type'",
}

// special reads, after a symbol's first ?, one that is no plain function or
// variable. Without one it reads nothing and returns 0. (A table of functions
// would say this shorter, but a call through it moves the parser to the heap.)
func (p *parser) special() nodeID {
	if !p.has("?_") || p.peekAt(2) == 0 {
		return 0
	}
	switch p.peekAt(2) {
	case 'R':
		return p.rtti()
	case '_':
		return p.dynamicOrGuard()
	}
	start := p.pos
	p.pos += len("?_7")
	switch p.name[p.pos-1] {
	case '7':
		return p.table(nameVftable)
	case '8':
		return p.table(nameVbtable)
	case 'S':
		return p.table(nameLocalVftable)
	case '9':
		return p.vcall()
	case 'B':
		return p.guard(0)
	case 'C':
		return p.stringLiteral()
	}
	p.pos = start
	return 0
}

func (p *parser) rtti() nodeID {
	start := p.pos
	p.pos += len("?_R")
	switch p.next() {
	case '0':
		return p.typeDescriptor()
	case '1':
		return p.baseClass()
	case '2':
		return p.untyped(nameBaseArray)
	case '3':
		return p.untyped(nameHierarchy)
	case '4':
		return p.table(nameLocator)
	}
	p.pos = start
	return 0
}

func (p *parser) dynamicOrGuard() nodeID {
	start := p.pos
	p.pos += len("?__")
	switch p.next() {
	case 'E':
		return p.dynamic(0)
	case 'F':
		return p.dynamic(1)
	case 'J':
		return p.guard(1)
	}
	p.pos = start
	return 0
}

// table reads a vftable, vbtable or object locator, and the bases whose part
// of the object it is for.
func (p *parser) table(name fixedName) nodeID {
	n := node{kind: kindTable}
	n.b = p.scopes(p.add(node{kind: kindFixed, aux: uint16(name)}))
	if c := p.peek(); c != '6' && c != '7' {
		return p.fail("expected the kind of a table")
	}
	p.pos++
	n.quals, _ = p.cvQualifiers()
	var bases list
	for !p.failed && !p.acceptByte('@') {
		if base := p.typeName(); !p.failed {
			p.push(&bases, base)
		}
		if p.done() {
			break // some names lack the last @
		}
	}
	n.a = bases.head
	return p.add(n)
}

// untyped reads RTTI data of which the type goes without saying.
func (p *parser) untyped(name fixedName) nodeID {
	q := p.scopes(p.add(node{kind: kindFixed, aux: uint16(name)}))
	if !p.acceptByte('8') {
		return p.fail("expected 8 after the name of RTTI data")
	}
	return p.add(node{kind: kindUntypedTable, b: q})
}

// baseClass reads the description of a base: three displacements and flags.
func (p *parser) baseClass() nodeID {
	var l list
	for i := range 4 {
		if i != 1 && p.peek() == '?' { // only the offset of the vbptr can be -1
			return p.fail("expected a number without a sign")
		}
		id := p.offset32(i != 1)
		if p.failed {
			return 0
		}
		p.push(&l, id)
	}
	q := p.scopes(p.add(node{kind: kindBaseClass, a: l.head}))
	p.acceptByte('8')
	return p.add(node{kind: kindUntypedTable, b: q})
}

func (p *parser) typeDescriptor() nodeID {
	typ := p.parseType(qualResult)
	if !p.accept("@8") || !p.done() {
		return p.fail("expected @8 after a type descriptor")
	}
	return p.add(node{kind: kindTypeSymbol, a: typ, aux: uint16(nameDescriptor)})
}

// typeInfoName reads the string within a type descriptor.
func (p *parser) typeInfoName() nodeID {
	p.pos++
	typ := p.parseType(qualResult)
	if !p.done() {
		return p.fail("text after a type's name")
	}
	return p.add(node{kind: kindTypeSymbol, a: typ, aux: uint16(nameDescriptorName)})
}

// vcall reads a thunk that calls the virtual function at an offset.
func (p *parser) vcall() nodeID {
	inner := p.add(node{kind: kindVcall})
	q := p.scopes(inner)
	if !p.accept("$B") {
		return p.fail("expected $B in a vcall thunk")
	}
	v := p.unsigned()
	p.at(inner).num = v
	if !p.acceptByte('A') || p.done() {
		return p.fail("expected A in a vcall thunk")
	}
	fn := node{kind: kindFunction, aux: uint16(fcNoParams | fcThunk)}
	if c := p.next(); c < 128 {
		fn.num = uint64(conventions[c])
	}
	return p.add(node{kind: kindFuncSymbol, a: p.add(fn), b: q})
}

// guard reads the flag that says which statics of a function are made.
func (p *parser) guard(thread uint16) nodeID {
	inner := p.add(node{kind: kindGuard, aux: thread})
	q := p.scopes(inner)
	if !p.accept("4IA") && !p.acceptByte('5') {
		return p.fail("expected the kind of a guard")
	}
	if !p.done() {
		v := p.unsigned()
		p.at(inner).num = v
	}
	return p.add(node{kind: kindUntypedTable, b: q})
}

// dynamic reads the function that makes or destroys a global variable. The
// variable stands in it whole, between ? and @@, or as a mere name. Old clang
// left out the ? and one @.
func (p *parser) dynamic(destructor uint16) nodeID {
	static := p.peekAt(1) != '$' && p.acceptByte('?')
	symbol := p.declaration()
	if p.failed {
		return 0
	}
	inner := node{kind: kindDynamic, aux: destructor}
	function := symbol
	if p.at(symbol).kind == kindVarSymbol {
		if !p.acceptByte('@') || static && !p.acceptByte('@') {
			return p.fail("expected @ after a variable")
		}
		inner.a, inner.flags = symbol, flagVariable
		function = p.functionSymbol()
	} else if static {
		return p.fail("expected a variable")
	} else {
		inner.a = p.at(symbol).b
	}
	if p.failed {
		return 0
	}
	id := p.add(inner)
	q := p.add(node{kind: kindQName, a: id, b: id})
	p.at(function).b = q
	return function
}
