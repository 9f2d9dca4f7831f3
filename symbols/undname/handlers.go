package undname

// handler reads the name of an exception filter or a __finally block. Clang
// writes a 0 behind it and then the name, without a type, of the function that
// it belongs to; Microsoft's compiler and some versions of clang decorate it
// as a variable local to that function.
func (p *parser) handler() nodeID {
	start := p.pos
	own := p.simpleName(true)
	if !p.accept("0@") {
		p.pos = start
		p.refs = backrefs{}
		return p.declaration()
	}
	function := p.add(node{kind: kindUntypedTable, b: p.symbolName()})
	scope := p.add(node{kind: kindLocalScope, a: function, num: 1, next: own})
	name := p.add(node{kind: kindQName, a: scope, b: own, c: scope})
	return p.add(node{kind: kindUntypedTable, b: name})
}
