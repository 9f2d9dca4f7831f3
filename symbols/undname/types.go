package undname

// A qualMode says where the qualifiers of a type stand.
type qualMode uint8

const (
	qualDrop   qualMode = iota // nowhere
	qualMangle                 // before the type
	qualResult                 // before the type, after a ?, if at all
)

type primitive uint16

const (
	primVoid primitive = iota
	primBool
	primChar
	primSchar
	primUchar
	primChar8
	primChar16
	primChar32
	primShort
	primUshort
	primInt
	primUint
	primLong
	primUlong
	primInt8
	primUint8
	primInt16
	primUint16
	primInt32
	primUint32
	primInt64
	primUint64
	primInt128
	primUint128
	primWchar
	primFloat
	primDouble
	primLdouble
	primNullptr
	primAuto
	primDecltypeAuto
)

var primitiveText = [...]string{
	primVoid: "void", primBool: "bool",
	primChar: "char", primSchar: "signed char", primUchar: "unsigned char",
	primChar8: "char8_t", primChar16: "char16_t", primChar32: "char32_t",
	primShort: "short", primUshort: "unsigned short",
	primInt: "int", primUint: "unsigned int",
	primLong: "long", primUlong: "unsigned long",
	primInt8: "__int8", primUint8: "unsigned __int8",
	primInt16: "__int16", primUint16: "unsigned __int16",
	primInt32: "__int32", primUint32: "unsigned __int32",
	primInt64: "__int64", primUint64: "unsigned __int64",
	primInt128: "__int128", primUint128: "unsigned __int128",
	primWchar: "wchar_t",
	primFloat: "float", primDouble: "double", primLdouble: "long double",
	primNullptr: "std::nullptr_t", primAuto: "auto", primDecltypeAuto: "decltype(auto)",
}

// Codes of primitive types, one more than the primitive; 0 is no code.
var (
	primitiveCodes = ['Z' + 1]uint8{
		'X': uint8(primVoid) + 1,
		'D': uint8(primChar) + 1,
		'C': uint8(primSchar) + 1,
		'E': uint8(primUchar) + 1,
		'F': uint8(primShort) + 1,
		'G': uint8(primUshort) + 1,
		'H': uint8(primInt) + 1,
		'I': uint8(primUint) + 1,
		'J': uint8(primLong) + 1,
		'K': uint8(primUlong) + 1,
		'M': uint8(primFloat) + 1,
		'N': uint8(primDouble) + 1,
		'O': uint8(primLdouble) + 1,
	}
	extendedCodes = ['Z' + 1]uint8{
		'N': uint8(primBool) + 1,
		'D': uint8(primInt8) + 1,
		'E': uint8(primUint8) + 1,
		'F': uint8(primInt16) + 1,
		'G': uint8(primUint16) + 1,
		'H': uint8(primInt32) + 1,
		'I': uint8(primUint32) + 1,
		'J': uint8(primInt64) + 1,
		'K': uint8(primUint64) + 1,
		'L': uint8(primInt128) + 1,
		'M': uint8(primUint128) + 1,
		'W': uint8(primWchar) + 1,
		'Q': uint8(primChar8) + 1,
		'S': uint8(primChar16) + 1,
		'U': uint8(primChar32) + 1,
		'P': uint8(primAuto) + 1,
		'T': uint8(primDecltypeAuto) + 1,
	}
)

type tag uint16

const (
	tagUnion tag = iota
	tagStruct
	tagClass
	tagEnum
)

var tagText = [...]string{tagUnion: "union ", tagStruct: "struct ", tagClass: "class ", tagEnum: "enum "}

// parseType reads a type.
func (p *parser) parseType(mode qualMode) nodeID {
	if !p.enter() {
		return 0
	}
	defer p.leave()
	var quals qualifiers
	if mode == qualMangle || mode == qualResult && p.acceptByte('?') {
		quals, _ = p.cvQualifiers()
	}
	id := p.unqualifiedType()
	if p.failed {
		return 0
	}
	p.at(id).quals |= quals
	return id
}

func (p *parser) unqualifiedType() nodeID {
	switch c := p.peek(); c {
	case 0:
		return p.fail("expected a type")
	case 'T', 'U', 'V':
		p.pos++
		return p.tagType(tag(c - 'T'))
	case 'W':
		p.pos++
		if c := p.next(); c < '0' || c > '7' { // the digit tells the size
			p.pos--
			return p.fail("expected the size of an enumeration")
		}
		return p.tagType(tagEnum)
	case 'A', 'P', 'Q', 'R', 'S':
		return p.pointer()
	case 'Y':
		return p.array()
	case '?':
		return p.custom()
	case '$':
		return p.dollarType()
	}
	return p.primitiveType()
}

func (p *parser) tagType(t tag) nodeID {
	name := p.typeName()
	return p.add(node{kind: kindTag, aux: uint16(t), a: name})
}

// custom reads the name of a type that the compiler's maker has added.
func (p *parser) custom() nodeID {
	p.pos++
	name := p.typeIdentifier()
	if !p.acceptByte('@') {
		p.fail("expected @ after the name of an extended type")
	}
	return p.add(node{kind: kindCustom, a: name})
}

// dollarType reads a type whose code begins with $.
func (p *parser) dollarType() nodeID {
	switch {
	case p.has("$$Q"), p.has("$$R"):
		return p.pointer()
	case p.accept("$$A8@@"):
		return p.function(true)
	case p.accept("$$A6"):
		return p.function(false)
	case p.accept("$$T"):
		return p.add(node{kind: kindPrimitive, aux: uint16(primNullptr)})
	case p.accept("$$C"):
		return p.parseType(qualMangle)
	}
	return p.fail("unknown type")
}

func (p *parser) primitiveType() nodeID {
	codes := &primitiveCodes
	if p.acceptByte('_') {
		codes = &extendedCodes
	}
	c := p.peek()
	if c > 'Z' || codes[c] == 0 {
		return p.fail("unknown type")
	}
	p.pos++
	return p.add(node{kind: kindPrimitive, aux: uint16(codes[c] - 1)})
}

// cvQualifiers reads const and volatile. Another set of letters says that what
// they qualify is a member.
func (p *parser) cvQualifiers() (q qualifiers, member bool) {
	c := p.peek()
	switch {
	case c >= 'A' && c <= 'D':
		q = qualifiers(c - 'A')
	case c >= 'Q' && c <= 'T':
		q, member = qualifiers(c-'Q'), true
	default:
		p.fail("expected qualifiers")
		return 0, false
	}
	p.pos++
	return q, member
}

// extQualifiers reads __ptr64, __restrict and __unaligned.
func (p *parser) extQualifiers() (q qualifiers) {
	if p.acceptByte('E') {
		q |= qualPtr64
	}
	if p.acceptByte('I') {
		q |= qualRestrict
	}
	if p.acceptByte('F') {
		q |= qualUnaligned
	}
	return q
}

// array reads the dimensions and elements of an array.
func (p *parser) array() nodeID {
	p.pos++
	rank, negative := p.number()
	if negative || rank == 0 {
		return p.fail("array without dimensions")
	}
	var dims list
	for ; rank > 0 && !p.failed; rank-- {
		v := p.unsigned()
		p.push(&dims, p.add(node{kind: kindInteger, num: v}))
	}
	n := node{kind: kindArray, b: dims.head}
	if p.accept("$$C") {
		quals, member := p.cvQualifiers()
		if member {
			return p.fail("an array's elements cannot be members")
		}
		n.quals = quals
	}
	n.a = p.parseType(qualDrop)
	return p.add(n)
}
