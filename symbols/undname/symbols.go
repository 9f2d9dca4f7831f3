package undname

import "strings"

// parse reads a whole decorated name.
func (p *parser) parse() nodeID {
	switch {
	case p.peek() == '.':
		return p.typeInfoName()
	case p.peek() == '_':
		return p.exceptionData()
	}
	return p.symbol()
}

// symbol reads a symbol, on its own or within another name.
func (p *parser) symbol() nodeID {
	if !p.enter() {
		return 0
	}
	defer p.leave()
	switch {
	case p.has("??@"):
		return p.md5Name()
	case !p.acceptByte('?'):
		return p.fail("expected ?")
	}
	if id := p.special(); id != 0 || p.failed {
		return id
	}
	if p.has("filt$") || p.has("fin$") {
		return p.handler()
	}
	return p.declaration()
}

// declaration reads a qualified name and what it names.
func (p *parser) declaration() nodeID {
	name := p.symbolName()
	if p.failed {
		return 0
	}
	var id nodeID
	if c := p.peek(); c >= '0' && c <= '4' {
		p.pos++
		id = p.variable(storage(c - '0'))
	} else {
		id = p.functionSymbol()
	}
	if p.failed {
		return 0
	}
	n := p.at(id)
	n.b = name
	inner := p.at(p.at(name).b)
	if inner.kind == kindConversion {
		if n.kind == kindFuncSymbol {
			inner.a = p.at(n.a).a
		}
		if inner.a == 0 {
			return p.fail("conversion to no type")
		}
	}
	return id
}

type storage uint16

const (
	storePrivate storage = iota
	storeProtected
	storePublic
	storeGlobal
	storeLocal
	storeNone
)

var storageText = [...]string{
	storePrivate:   "private: static ",
	storeProtected: "protected: static ",
	storePublic:    "public: static ",
	storeNone:      "",
}

// variable reads the type of a variable and its qualifiers, which for
// pointers are those of what they point to.
func (p *parser) variable(s storage) nodeID {
	typ := p.parseType(qualDrop)
	if p.failed {
		return 0
	}
	switch p.at(typ).kind {
	case kindPointer:
		p.pointeeQualifiers(typ)
	case kindManaged:
		p.accept("$A")
		fallthrough
	default:
		q, _ := p.cvQualifiers()
		p.at(typ).quals = q
	}
	return p.add(node{kind: kindVarSymbol, aux: uint16(s), a: typ})
}

func (p *parser) pointeeQualifiers(typ nodeID) {
	q := p.extQualifiers()
	p.at(typ).quals |= q
	q, _ = p.cvQualifiers()
	if p.at(typ).b != 0 { // a member pointer repeats its class
		p.typeName()
	}
	if !p.failed {
		p.at(p.at(typ).a).quals |= q
	}
}

// md5Name reads a name that was too long and is kept as a hash only.
func (p *parser) md5Name() nodeID {
	start := p.pos
	p.pos += len("??@")
	n := strings.IndexByte(p.rest(), '@')
	if n < 0 {
		return p.fail("unfinished hash of a name")
	}
	p.pos += n + 1
	p.accept("??_R4@") // the complete object locator of a class with such a name
	return p.add(node{kind: kindVerbatim, num: span(start, p.pos)})
}
