package undname

// symbol writes a symbol in the printer's style.
func (w *printer) symbol(id nodeID) {
	if !w.enter() {
		return
	}
	defer w.leave()
	n := w.at(id)
	switch n.kind {
	case kindFuncSymbol:
		w.functionSymbol(n)
	case kindVarSymbol:
		w.variable(n)
	case kindTable:
		w.table(n)
	case kindUntypedTable:
		w.qualified(n.b)
	case kindTypeSymbol:
		w.typeSymbol(n)
	case kindThrowInfo:
		w.typ(n.a)
		w.byte(' ')
		w.str(fixedText[n.aux])
	case kindString:
		w.stringLiteral(n)
	case kindVerbatim:
		w.str(n.text(w.name))
	}
}

func (w *printer) functionSymbol(n *node) {
	fn := w.at(n.a)
	if w.style == Full {
		w.typePre(n.a)
		w.space()
		w.qualified(n.b)
		w.typePost(n.a)
		return
	}
	if funcClass(fn.aux)&(fcAdjust|fcVtordisp) != 0 {
		w.str("[thunk]:")
	}
	w.qualified(n.b)
	w.adjustment(fn)
}

func (w *printer) variable(n *node) {
	if w.style == Name {
		w.qualified(n.b)
		return
	}
	w.str(storageText[n.aux])
	w.typePre(n.a)
	w.space()
	w.qualified(n.b)
	w.typePost(n.a)
}

func (w *printer) table(n *node) {
	if w.style == Name {
		w.qualified(n.b)
		return
	}
	if n.quals&qualConst != 0 {
		w.str("const ")
	}
	if n.quals&qualVolatile != 0 {
		w.str("volatile ")
	}
	w.qualified(n.b)
	if n.a == 0 {
		return
	}
	w.str("{for `")
	for base := n.a; base != 0 && !w.over; base = w.at(base).next {
		if base != n.a {
			w.str("'s `")
		}
		w.qualified(base)
	}
	w.str("'}")
}

func (w *printer) typeSymbol(n *node) {
	if w.style == Name {
		w.typ(n.a)
		if fixedName(n.aux) == nameDescriptor {
			w.byte(' ')
			w.str(fixedText[n.aux])
		}
		return
	}
	w.typePre(n.a)
	w.space()
	w.str(fixedText[n.aux])
	w.typePost(n.a)
}
