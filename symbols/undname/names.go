package undname

import "strings"

// simple reads plain text up to its @ and returns where it lies.
func (p *parser) simple() (start, end int) {
	start = p.pos
	n := strings.IndexByte(p.rest(), '@')
	if n <= 0 {
		p.fail("expected a name ended by @")
		return 0, 0
	}
	p.pos += n + 1
	return start, start + n
}

// simpleName reads a plain identifier, which later digits may refer to.
func (p *parser) simpleName(remember bool) nodeID {
	start, end := p.simple()
	if p.failed {
		return 0
	}
	id := p.add(node{kind: kindIdent, num: span(start, end)})
	if remember {
		p.remember(id, start, end)
	}
	return id
}

// typeName reads the qualified name of a class, union or enumeration.
func (p *parser) typeName() nodeID {
	return p.scopes(p.typeIdentifier())
}

func (p *parser) typeIdentifier() nodeID {
	switch {
	case p.digit():
		return p.backrefName()
	case p.has("?$"):
		return p.template(true)
	}
	return p.simpleName(true)
}

// symbolName reads the qualified name of a function or variable.
func (p *parser) symbolName() nodeID {
	start := p.pos
	inner := p.symbolIdentifier(true)
	end := p.pos
	id := p.scopes(inner)
	if p.failed {
		return 0
	}
	q := p.at(id)
	q.num = span(start, end)
	if last := p.at(q.b); last.kind == kindStructor {
		if q.c == 0 {
			return p.fail("constructor or destructor of no class")
		}
		last.a = q.c
	}
	return id
}

// symbolIdentifier reads the innermost part of a symbol's name. Instances of
// function templates are not remembered for back references, but by Visual
// C++ 6 they were.
func (p *parser) symbolIdentifier(remember bool) nodeID {
	switch {
	case p.digit():
		return p.backrefName()
	case p.has("?$"):
		return p.template(p.old)
	case p.acceptByte('?'):
		return p.operatorName()
	}
	return p.simpleName(remember)
}

// scopes reads the parts around inner, from the inside out, up to the @ that
// ends them.
func (p *parser) scopes(inner nodeID) nodeID {
	if p.failed {
		return 0
	}
	q := node{kind: kindQName, a: inner, b: inner}
	for !p.acceptByte('@') {
		part := p.scope()
		if p.failed {
			return 0
		}
		if q.c == 0 {
			q.c = part
		}
		p.at(part).next = q.a
		q.a = part
	}
	return p.add(q)
}

// scope reads one namespace, class or function around a name.
func (p *parser) scope() nodeID {
	switch {
	case p.done():
		return p.fail("unfinished name")
	case p.digit():
		return p.backrefName()
	case p.peek() != '?':
		return p.simpleName(true)
	case p.has("?$"):
		return p.template(true)
	case p.has("?A"):
		return p.anonymousNamespace()
	case p.atLocalScope():
		return p.localScope()
	}
	return p.simpleName(true)
}

// anonymousNamespace reads ?A and a key that tells one from another. The key
// takes the place of a name among the back references.
func (p *parser) anonymousNamespace() nodeID {
	p.pos += len("?A")
	start := p.pos
	n := strings.IndexByte(p.rest(), '@')
	if n < 0 {
		return p.fail("unfinished name of an anonymous namespace")
	}
	p.pos += n + 1
	id := p.add(node{kind: kindFixed, aux: uint16(nameAnonymous)})
	key := p.add(node{kind: kindAnonymous, num: span(start, start+n)})
	p.remember(key, start, start+n)
	return id
}

// atLocalScope reports whether a block of a function follows: ?, a number, ?.
// The number is a digit, @ for 0, or two letters and more that start with no
// A (which would be an anonymous namespace) and end with @.
func (p *parser) atLocalScope() bool {
	if p.peek() != '?' {
		return false
	}
	s := p.name[p.pos+1:]
	n := strings.IndexByte(s, '?')
	switch {
	case n <= 0:
		return false
	case n == 1:
		return s[0] == '@' || isDigit(s[0])
	case s[n-1] != '@' || s[0] < 'B' || s[0] > 'P':
		return false
	}
	for i := 1; i < n-1; i++ {
		if s[i] < 'A' || s[i] > 'P' {
			return false
		}
	}
	return true
}

// localScope reads the number of a block and the function that holds it.
func (p *parser) localScope() nodeID {
	p.pos++
	number, _ := p.number()
	p.pos++ // the second ?, which atLocalScope has seen
	var symbol nodeID
	if c := p.peek(); c == '?' || c == '.' || c == 0 {
		symbol = p.symbol()
	} else {
		symbol = p.plainFunction()
	}
	if p.failed {
		return 0
	}
	return p.add(node{kind: kindLocalScope, a: symbol, num: number})
}

// plainFunction reads a C function's own name where clang puts one in place of
// a decorated one, in the names of exception handlers: ?dtor$1@?0?main@4HA.
// The @ behind it ends the scopes; _main@8 has one of its own.
func (p *parser) plainFunction() nodeID {
	start := p.pos
	text, ok := strings.CutSuffix(p.rest(), "@4HA")
	if base, sized := cutSize(text); sized && base != "" {
		ok = ok && !strings.ContainsAny(base[1:], "?@")
	} else {
		ok = ok && text != "" && !strings.ContainsAny(text, "?@")
	}
	if !ok {
		return p.fail("expected a function's name")
	}
	p.pos += len(text)
	return p.add(node{kind: kindVerbatim, num: span(start, p.pos)})
}
