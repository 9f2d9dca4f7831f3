package undname

var conventionText = [...]string{
	ccNone:       "",
	ccCdecl:      "__cdecl",
	ccPascal:     "__pascal",
	ccThiscall:   "__thiscall",
	ccStdcall:    "__stdcall",
	ccFastcall:   "__fastcall",
	ccClrcall:    "__clrcall",
	ccEabi:       "__eabi",
	ccVectorcall: "__vectorcall",
	ccSwift:      "__swift_1",
	ccSwiftAsync: "__swift_2",
	ccRegcall:    "__regcall",
}

// llvmConventions are those that LLVM spells otherwise, or not at all.
var llvmConventions = [...]string{
	ccSwift:      "__attribute__((__swiftcall__)) ",
	ccSwiftAsync: "__attribute__((__swiftasynccall__)) ",
	ccRegcall:    "",
}

func (w *printer) convention(fn *node) {
	cc := convention(fn.num)
	text := conventionText[cc]
	if w.style == Full {
		w.space()
		if cc >= ccSwift {
			text = llvmConventions[cc]
		}
	}
	w.str(text)
}

// functionPre writes access, kind and return type.
func (w *printer) functionPre(n *node) {
	class := funcClass(n.aux)
	if class&(fcAdjust|fcVtordisp|fcThunk) != 0 {
		w.str("[thunk]: ")
	}
	switch {
	case class&fcPublic != 0:
		w.str("public: ")
	case class&fcProtected != 0:
		w.str("protected: ")
	case class&fcPrivate != 0:
		w.str("private: ")
	}
	if class&fcStatic != 0 {
		w.str("static ")
	}
	if class&fcVirtual != 0 {
		w.str("virtual ")
	}
	if class&fcExternC != 0 {
		w.str(`extern "C" `)
	}
	if n.a != 0 {
		w.typePre(n.a)
		w.byte(' ')
	}
}

// functionPost writes the parameters and what follows them.
func (w *printer) functionPost(n *node) {
	w.adjustment(n)
	if funcClass(n.aux)&fcNoParams == 0 {
		w.parameters(n)
	}
	if w.style == Full {
		w.llvmThisQualifiers(n)
	} else {
		w.thisQualifiers(n)
	}
	if n.a != 0 {
		w.typePost(n.a)
	}
}

func (w *printer) parameters(n *node) {
	w.byte('(')
	w.join(n.b)
	if n.flags&flagVoid != 0 {
		w.str("void")
	}
	if n.flags&flagVariadic != 0 {
		if w.last() != '(' {
			w.comma()
		}
		w.str("...")
	}
	w.byte(')')
}

func (w *printer) llvmThisQualifiers(n *node) {
	w.wordQualifiers(n.quals)
	if n.quals&qualUnaligned != 0 {
		w.str(" __unaligned")
	}
	if n.flags&flagNoexcept != 0 {
		w.str(" noexcept")
	}
	switch {
	case n.flags&flagLvalueRef != 0:
		w.str(" &")
	case n.flags&flagRvalueRef != 0:
		w.str(" &&")
	}
}

// thisQualifiers writes them Microsoft's way, with the blanks behind.
func (w *printer) thisQualifiers(n *node) {
	if n.quals&qualConst != 0 {
		w.str("const ")
	}
	if n.quals&qualVolatile != 0 {
		w.str("volatile ")
	}
	switch {
	case n.flags&flagLvalueRef != 0:
		w.str("& ")
	case n.flags&flagRvalueRef != 0:
		w.str("&& ")
	}
	if n.flags&flagNoexcept != 0 {
		if w.last() == ')' {
			w.byte(' ')
		}
		w.str("noexcept")
	}
}

// adjustment writes what a thunk does to this.
func (w *printer) adjustment(n *node) {
	switch class := funcClass(n.aux); {
	case class&fcAdjust != 0:
		w.str("`adjustor{")
	case class&fcVtordispEx != 0:
		w.str("`vtordispex{")
	case class&fcVtordisp != 0:
		w.str("`vtordisp{")
	default:
		return
	}
	if w.style == Full {
		w.integers(n.c)
	} else {
		w.unsigned(n.c)
	}
	w.str("}'")
}

// unsigned writes displacements as Microsoft's tools do, without a sign.
func (w *printer) unsigned(id nodeID) {
	for first := id; id != 0; id = w.at(id).next {
		if id != first {
			w.comma()
		}
		v := uint32(w.at(id).num)
		if w.at(id).flags&flagNegative != 0 {
			v = -v
		}
		w.uint(uint64(v))
	}
}
