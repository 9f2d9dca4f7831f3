package undname

type affinity uint16

const (
	affPointer affinity = iota
	affReference
	affRvalue
)

var affinityText = [...]string{affPointer: "*", affReference: "&", affRvalue: "&&"}

// A managedKind is a C++/CLI or C++/CX form of a pointer.
type managedKind uint16

const (
	managedHandle  managedKind = iota // ^
	managedTracker                    // %
	managedPin                        // cli::pin_ptr
	managedArray                      // cli::array, a handle to one
)

// pointerKind reads which kind of pointer it is, and its own qualifiers.
func (p *parser) pointerKind() (affinity, qualifiers) {
	switch {
	case p.accept("$$Q"):
		return affRvalue, 0
	case p.accept("$$R"):
		return affRvalue, qualVolatile
	}
	c := p.next()
	if c == 'A' {
		return affReference, 0
	}
	return affPointer, qualifiers(c - 'P')
}

// pointer reads a pointer, a reference or a pointer to a member. Which of them
// it is shows only behind the qualifiers: a digit (6 a function, 8 a member
// function) or letters (those from Q on a member).
func (p *parser) pointer() nodeID {
	n := node{kind: kindPointer}
	aff, quals := p.pointerKind()
	n.aux, n.quals = uint16(aff), quals
	switch {
	case p.acceptByte('6'):
		n.a = p.function(false)
		return p.add(n)
	case aff == affPointer && p.has("$"):
		return p.managed(n)
	}
	n.quals |= p.extQualifiers()
	if p.has("$A") || p.has("$B") || p.has("$C") || p.has("$0") {
		return p.managed(n)
	}
	if p.accept("__ptrauth") {
		n.c = p.pointerAuth()
	}
	switch c := p.peek(); {
	case aff == affPointer && c == '8':
		p.pos++
		n.b = p.typeName()
		n.a = p.function(true)
	case aff == affPointer && c >= 'Q' && c <= 'T':
		q, _ := p.cvQualifiers()
		n.b = p.typeName()
		n.a = p.parseType(qualDrop)
		if !p.failed {
			p.at(n.a).quals = q
		}
	case c == '6':
		p.pos++
		n.a = p.function(false)
	default:
		n.a = p.parseType(qualMangle)
	}
	return p.add(n)
}

// pointerAuth reads the three numbers of __ptrauth: key, whether the address
// takes part, discriminator.
func (p *parser) pointerAuth() nodeID {
	var l list
	for range 3 {
		v := p.unsigned()
		p.push(&l, p.add(node{kind: kindInteger, num: v}))
	}
	return l.head
}

// managed reads what follows the qualifiers of a C++/CLI handle.
func (p *parser) managed(n node) nodeID {
	n.kind = kindManaged
	p.pos++
	aff := affinity(n.aux)
	switch c := p.next(); {
	case c == 'A' && aff == affPointer:
		n.aux = uint16(managedHandle)
	case c == 'A', c == 'C':
		n.aux = uint16(managedTracker)
	case c == 'B':
		n.aux = uint16(managedPin)
	case c == '0': // $0 and two hexadecimal digits: the rank of an array
		return p.managedArray(n)
	default:
		p.pos--
		return p.fail("unknown kind of managed pointer")
	}
	n.a = p.parseType(qualMangle)
	return p.add(n)
}

func (p *parser) managedArray(n node) nodeID {
	c := p.next()
	if c < '1' || c > '9' {
		return p.fail("expected the rank of a managed array")
	}
	n.aux, n.num = uint16(managedArray), uint64(c-'0')
	p.extQualifiers()
	n.a = p.parseType(qualMangle)
	return p.add(n)
}
