package undname

// template reads ?$, a name and its template arguments. Within it digits
// refer to its own names and types. As a scope or a type, it is itself
// remembered.
func (p *parser) template(remember bool) nodeID {
	if !p.enter() {
		return 0
	}
	defer p.leave()
	start := p.pos
	p.pos += len("?$")
	outer := p.refs
	p.refs = backrefs{}
	id := p.symbolIdentifier(true)
	if p.failed {
		return 0
	}
	// The node that digits refer to stays without arguments.
	id = p.add(*p.at(id))
	args := p.templateArgs()
	p.refs = outer
	if p.failed {
		return 0
	}
	n := p.at(id)
	n.b = args
	if remember {
		if n.kind == kindConversion || n.kind == kindStructor {
			return p.fail("a scope cannot be a constructor or conversion")
		}
		p.remember(id, start, p.pos)
	}
	return id
}

func (p *parser) templateArgs() nodeID {
	var l list
	for !p.failed && !p.acceptByte('@') {
		if p.peek() == '$' && p.packSeparator() {
			continue
		}
		if arg := p.templateArg(); !p.failed {
			p.push(&l, arg)
		}
	}
	return p.add(node{kind: kindArgs, a: l.head})
}

// packSeparator reads what stands for an empty pack or the end of one.
func (p *parser) packSeparator() bool {
	return p.accept("$$V") || p.accept("$$Z") || p.accept("$$$V") || p.accept("$S")
}

func (p *parser) templateArg() nodeID {
	switch {
	case p.peek() != '$':
		return p.parseType(qualDrop)
	case p.accept("$$Y"): // alias template
		return p.typeName()
	case p.accept("$$B"): // array, kept from decaying
		return p.parseType(qualDrop)
	case p.accept("$$C"): // qualified type
		return p.parseType(qualMangle)
	case p.has("$$"):
		return p.parseType(qualDrop)
	case p.accept("$M"): // auto: its type, which is not shown, and its value
		p.parseType(qualDrop)
		p.acceptByte('$')
		return p.constant()
	}
	p.pos++
	return p.constant()
}

// rememberSymbol makes the innermost name of an entity that is a template
// argument one that digits can refer to.
func (p *parser) rememberSymbol(id nodeID) {
	if p.failed {
		return
	}
	n := *p.at(id)
	switch n.kind {
	case kindVerbatim:
		p.remember(id, int(n.num>>32), int(uint32(n.num)))
		return
	case kindString, kindTypeSymbol:
		p.fail("expected a symbol with a name")
		return
	}
	q := *p.at(n.b)
	inner := p.at(q.b)
	switch {
	case inner.kind == kindRef:
		return // it is remembered already
	case inner.kind == kindIdent && inner.b == 0:
		q.num = inner.num
	}
	p.remember(q.b, int(q.num>>32), int(uint32(q.num)))
}
