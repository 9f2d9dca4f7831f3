package undname

// qualified writes the parts of a name with :: between.
func (w *printer) qualified(id nodeID) {
	first := w.at(id).a
	for part := first; part != 0 && !w.over; part = w.at(part).next {
		if part != first {
			w.str("::")
		}
		w.identifier(part)
	}
}

// identifier writes one part of a name.
func (w *printer) identifier(id nodeID) {
	if !w.enter() {
		return
	}
	defer w.leave()
	n := w.deref(id)
	switch n.kind {
	case kindIdent:
		w.str(n.text(w.name))
		w.templateArgs(n.b)
	case kindOperator:
		w.str(operators[n.aux].text(w.style))
		w.templateArgs(n.b)
	case kindStructor:
		if n.aux == 1 {
			w.byte('~')
		}
		w.identifier(n.a)
		w.templateArgs(n.b)
	case kindFixed:
		w.str(fixedText[n.aux])
	default:
		w.rareIdentifier(n)
	}
}

func (w *printer) rareIdentifier(n *node) {
	switch n.kind {
	case kindAnonymous:
		if w.style == Full {
			w.str(n.text(w.name))
		} else {
			w.str(fixedText[nameAnonymous])
		}
	case kindConversion:
		w.str("operator")
		w.templateArgs(n.b)
		w.byte(' ')
		w.typ(n.a)
	case kindLiteralOp:
		w.str(`operator ""`)
		if w.style == Name {
			w.byte(' ')
		}
		w.str(n.text(w.name))
		w.templateArgs(n.b)
	case kindLocalScope:
		w.byte('`')
		w.symbol(n.a)
		w.str("'::`")
		w.uint(n.num)
		w.byte('\'')
	case kindVerbatim:
		w.str(n.text(w.name))
	default:
		w.madeIdentifier(n)
	}
}

// madeIdentifier writes the names of what compilers make by themselves.
func (w *printer) madeIdentifier(n *node) {
	switch n.kind {
	case kindGuard:
		w.guard(n)
	case kindDynamic:
		w.dynamic(n)
	case kindVcall:
		w.str("`vcall'{")
		w.uint(n.num)
		if w.style == Full {
			w.str(", {flat}}")
		} else {
			w.str("}'")
		}
	case kindBaseClass:
		w.str("`RTTI Base Class Descriptor at (")
		w.integers(n.a)
		w.str(")'")
	}
}

func (w *printer) guard(n *node) {
	if n.aux == 1 {
		w.str("`local static thread guard'")
	} else {
		w.str("`local static guard'")
	}
	if n.num == 0 {
		return
	}
	w.byte('{')
	w.uint(n.num)
	w.byte('}')
	if w.style == Name {
		w.byte('\'')
	}
}

// dynamic writes the name of the function that makes or destroys a variable.
// Where it holds the variable's bare name, Microsoft's tools take the scopes
// for the function's own.
func (w *printer) dynamic(n *node) {
	variable := n.flags&flagVariable != 0
	if w.style == Name && !variable {
		w.scopesOf(n.a)
	}
	if n.aux == 1 {
		w.str("`dynamic atexit destructor for ")
	} else {
		w.str("`dynamic initializer for ")
	}
	switch {
	case w.style == Full && variable:
		w.byte('`')
		w.symbol(n.a)
	case w.style == Full:
		w.byte('\'')
		w.qualified(n.a)
	case variable:
		w.byte('\'')
		w.symbol(n.a)
	default:
		w.byte('\'')
		w.identifier(w.at(n.a).b)
	}
	w.str("''")
}

// scopesOf writes the parts of a name that are around its innermost.
func (w *printer) scopesOf(name nodeID) {
	q := w.at(name)
	for part := q.a; part != q.b && !w.over; part = w.at(part).next {
		w.identifier(part)
		w.str("::")
	}
}

func (w *printer) templateArgs(id nodeID) {
	if id == 0 {
		return
	}
	w.byte('<')
	w.join(w.at(id).a)
	if w.style == Name && w.last() == '>' {
		w.byte(' ')
	}
	w.byte('>')
}

func (w *printer) templateArg(id nodeID) {
	switch n := w.deref(id); n.kind {
	case kindQName:
		w.qualified(id)
	case kindInteger:
		w.integer(n)
	case kindFloat, kindEntity, kindObject, kindElement, kindUnion, kindPart, kindField, kindIndex, kindMember, kindNull:
		w.constant(n)
	default:
		w.typ(id)
	}
}
