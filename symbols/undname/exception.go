package undname

// exceptionData reads the names of what the compiler tells the runtime about
// a thrown type: _TI (throw info), _CTA (array of catchable types), both with
// a count before the type, and _CT (one catchable type).
func (p *parser) exceptionData() nodeID {
	p.accept("__")
	p.acceptByte('_')
	switch {
	case p.accept("TI"):
		for p.acceptByte('C') || p.acceptByte('V') || p.acceptByte('U') {
			// Qualifiers of the thrown pointer.
		}
		return p.countedType(nameThrowInfo)
	case p.accept("CTA"):
		return p.countedType(nameCatchableArray)
	}
	p.accept("CT")
	return p.catchable()
}

func (p *parser) countedType(name fixedName) nodeID {
	if !p.digit() {
		return p.fail("expected a number of types")
	}
	p.decimal()
	typ := p.parseType(qualResult)
	if !p.done() {
		return p.fail("text after a type's name")
	}
	return p.add(node{kind: kindThrowInfo, a: typ, aux: uint16(name)})
}

func (p *parser) decimal() {
	for p.digit() {
		p.pos++
	}
}

// catchable reads a type descriptor, a copy constructor or none, and the sizes
// and displacements of the type in decimal.
func (p *parser) catchable() nodeID {
	if p.has("??@") {
		id := p.md5Name()
		p.skipCopyConstructor()
		return id
	}
	if !p.accept("??_R0") {
		return p.fail("expected a type descriptor")
	}
	typ := p.parseType(qualResult)
	if !p.accept("@8") {
		return p.fail("expected @8 after a type descriptor")
	}
	p.skipCopyConstructor()
	return p.add(node{kind: kindThrowInfo, a: typ, aux: uint16(nameCatchable)})
}

func (p *parser) skipCopyConstructor() {
	if p.peek() == '?' {
		p.refs = backrefs{}
		p.symbol()
	}
	for p.digit() || p.peek() == '-' {
		p.pos++
	}
	if !p.done() {
		p.fail("text after a catchable type")
	}
}
