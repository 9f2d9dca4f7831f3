package undname

// constant reads the value of a template argument that is no type. At the top
// a $ stands before it, within a class's value nothing.
func (p *parser) constant() nodeID {
	if !p.enter() {
		return 0
	}
	defer p.leave()
	c := p.next()
	switch c {
	case '0':
		return p.integer()
	case '1', 'H', 'I', 'J':
		return p.address(c)
	case 'E':
		return p.add(node{kind: kindEntity, a: p.symbol()})
	case 'F':
		return p.add(node{kind: kindEntity, c: p.offsets(2)})
	case 'G':
		return p.add(node{kind: kindEntity, c: p.offsets(3)})
	case 'A':
		return p.add(node{kind: kindFloat, aux: 4, num: p.unsigned()})
	case 'B':
		return p.add(node{kind: kindFloat, aux: 8, num: p.unsigned()})
	case '2':
		return p.object()
	case '3':
		return p.elements()
	case '5':
		return p.pointerTo()
	case '6':
		return p.field()
	case '7':
		return p.union()
	case '8':
		return p.memberOf()
	case 'C':
		return p.index()
	case 'N':
		return p.add(node{kind: kindNull})
	}
	p.pos--
	return p.fail("unknown kind of template argument")
}

// address reads the address of a function or variable, with the displacements
// that its class's kind of inheritance needs.
func (p *parser) address(c byte) nodeID {
	n := node{kind: kindEntity, flags: flagAddress}
	if p.peek() == '?' {
		n.a = p.symbol()
		p.rememberSymbol(n.a)
	}
	if c != '1' {
		n.c = p.offsets(int(c-'H') + 1)
	}
	return p.add(n)
}

// object reads a value of a class: its type and its bases' and members'
// values. Before those that are no classes or arrays stand their types.
func (p *parser) object() nodeID {
	n := node{kind: kindObject, a: p.parseType(qualDrop)}
	var l list
	for !p.failed && !p.acceptByte('@') {
		if v := p.memberValue(); !p.failed {
			p.push(&l, v)
		}
	}
	n.b = l.head
	return p.add(n)
}

func (p *parser) memberValue() nodeID {
	if c := p.peek(); c == '2' || c == '3' || c == '7' {
		return p.constant()
	}
	typ := p.parseType(qualDrop)
	v := p.constant()
	if p.failed {
		return 0
	}
	if t := p.at(typ); t.kind == kindPointer && affinity(t.aux) == affPointer && p.at(v).kind == kindEntity {
		p.at(v).flags |= flagAddress
	}
	return v
}

// elements reads the type and the values of an array's elements.
func (p *parser) elements() nodeID {
	p.parseType(qualDrop)
	var l list
	for !p.failed && !p.acceptByte('@') {
		v := p.constant()
		p.closing()
		if !p.failed {
			p.push(&l, v)
		}
	}
	return p.add(node{kind: kindElement, a: l.head})
}

func (p *parser) union() nodeID {
	n := node{kind: kindUnion, a: p.parseType(qualDrop)}
	if !p.acceptByte('@') {
		n.b = p.typeIdentifier()
		n.c = p.constant()
		p.closing()
	}
	return p.add(n)
}

// pointerTo reads a pointer to a part of an object.
func (p *parser) pointerTo() nodeID {
	n := node{kind: kindPart, a: p.constant()}
	p.closing()
	return p.add(n)
}

// field reads a part of an object: the object, the member's name.
func (p *parser) field() nodeID {
	n := node{kind: kindField, a: p.constant()}
	n.b = p.typeIdentifier()
	p.closing()
	return p.add(n)
}

// index reads an element of an array: the array, the index.
func (p *parser) index() nodeID {
	n := node{kind: kindIndex, a: p.constant()}
	if !p.acceptByte('0') {
		return p.fail("expected an index")
	}
	n.b = p.integer()
	p.closing()
	return p.add(n)
}

// memberOf reads a pointer to a data member within a class's value.
func (p *parser) memberOf() nodeID {
	n := node{kind: kindMember, a: p.typeName()}
	n.b = p.typeIdentifier()
	p.closing()
	return p.add(n)
}

func (p *parser) closing() {
	if !p.acceptByte('@') {
		p.fail("expected @ after a value")
	}
}
