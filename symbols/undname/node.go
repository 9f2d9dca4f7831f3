package undname

// A nodeID is a node's place in the tree's table; 0 is no node. Numbers in
// place of pointers keep the table free of pointers, so that it can live on
// the caller's stack and costs the garbage collector nothing.
type nodeID uint32

type kind uint8

// What the fields of a node hold, by kind. Lists are chains through next.
const (
	_ kind = iota // no node

	// Parts of a name. b, where there is one, is a kindArgs node.
	kindIdent      // span: the text; b: template arguments
	kindAnonymous  // span: the key of an anonymous namespace
	kindFixed      // aux: a fixedName
	kindOperator   // aux: index in operators; b: template arguments
	kindConversion // a: target type; b: template arguments
	kindStructor   // a: the class's identifier; aux: 1 for a destructor; b: template arguments
	kindLiteralOp  // span: the suffix; b: template arguments
	kindGuard      // aux: 1 for a thread guard; num: number of the guard
	kindDynamic    // a: symbol or, for old names, qualified name; aux: 1 for a destructor
	kindVcall      // num: offset in the vftable
	kindBaseClass  // a: list of four numbers
	kindLocalScope // a: symbol; num: number of the block
	kindRef        // a: the node meant by a back reference
	kindArgs       // a: list of template arguments
	kindQName      // a: list of parts, outermost first; b: the innermost; c: the one around it; span: the innermost's text

	// Types.
	kindPrimitive // aux: a primitive
	kindTag       // aux: a tag; a: qualified name
	kindPointer   // aux: an affinity; a: pointee; b: class of a member pointer; c: list of __ptrauth's numbers
	kindArray     // a: element; b: list of dimensions
	kindFunction  // aux: a funcClass; num: a convention; a: return type; b: parameters; c: list of this adjustments
	kindCustom    // a: identifier
	kindManaged   // aux: a managedKind; a: pointee; num: rank of an array

	// Template arguments that are no types.
	kindInteger // num, flagNegative
	kindFloat   // num: its bits; aux: size in bytes
	kindEntity  // a: symbol; c: list of displacements
	kindObject  // a: type; b: list of members' values
	kindElement // list of values, a
	kindUnion   // a: type; b: identifier of the member; c: its value
	kindPart    // a: value of which the address is taken
	kindField   // a: value of which it is a part; b: identifier of the field
	kindIndex   // a: value of which it is a part; b: index
	kindMember  // a: class; b: identifier of the member that is pointed to
	kindNull    // no member

	// Symbols.
	kindFuncSymbol   // a: kindFunction; b: qualified name
	kindVarSymbol    // a: type; b: qualified name; aux: a storage
	kindTable        // b: qualified name; quals; a: list of the bases that it is for
	kindTypeSymbol   // a: type; aux: a fixedName
	kindString       // span: the encoded characters; a: 1 if wide; b: bytes decoded; c: bytes in all
	kindVerbatim     // span: text that cannot be decoded (MD5 names)
	kindThrowInfo    // aux: a fixedName; a: type
	kindUntypedTable // b: qualified name
)

type nodeFlags uint8

const (
	flagNegative  nodeFlags = 1 << iota // an integer below zero
	flagVariadic                        // a function with "..."
	flagNoexcept                        // a function that is noexcept
	flagLvalueRef                       // a member function for lvalues
	flagRvalueRef                       // a member function for rvalues
	flagAddress                         // an entity of which the address is taken
	flagVoid                            // a function of (void)
	flagVariable                        // a dynamic initializer that names its whole variable
)

type qualifiers uint8

const (
	qualConst qualifiers = 1 << iota
	qualVolatile
	qualRestrict
	qualUnaligned
	qualPtr64
)

type node struct {
	kind  kind
	flags nodeFlags
	quals qualifiers
	aux   uint16
	a     nodeID
	b     nodeID
	c     nodeID
	next  nodeID
	num   uint64
}

// span packs a stretch of the decorated name into a node's number.
func span(start, end int) uint64 { return uint64(start)<<32 | uint64(uint32(end)) }

// text is the stretch of name that the node stands for.
func (n *node) text(name string) string {
	return name[n.num>>32 : uint32(n.num)]
}
