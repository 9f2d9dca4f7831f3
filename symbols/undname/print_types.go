package undname

// typ writes a whole type. Declarations write the two halves around a name.
func (w *printer) typ(id nodeID) {
	w.typePre(id)
	w.typePost(id)
}

// typePre writes what stands before the name in a declaration.
func (w *printer) typePre(id nodeID) {
	if !w.enter() {
		return
	}
	defer w.leave()
	n := w.deref(id)
	switch n.kind {
	case kindPrimitive:
		w.str(primitiveText[n.aux])
		w.wordQualifiers(n.quals)
	case kindTag:
		if w.style == Full {
			w.str(tagText[n.aux])
		}
		w.qualified(n.a)
		w.wordQualifiers(n.quals)
	case kindPointer:
		w.pointerPre(n)
	case kindArray:
		w.typePre(n.a)
		w.wordQualifiers(n.quals)
	case kindFunction:
		w.functionPre(n)
		w.convention(n)
	case kindCustom:
		w.identifier(n.a)
	case kindManaged:
		w.managed(n)
	}
}

// typePost writes what stands behind the name in a declaration.
func (w *printer) typePost(id nodeID) {
	if !w.enter() {
		return
	}
	defer w.leave()
	n := w.deref(id)
	switch n.kind {
	case kindPointer:
		if k := w.deref(n.a).kind; k == kindArray || k == kindFunction {
			w.byte(')')
		}
		w.typePost(n.a)
	case kindArray:
		w.dimensions(n.b)
		w.typePost(n.a)
	case kindFunction:
		w.functionPost(n)
	}
}

// wordQualifiers writes qualifiers behind a type's name.
func (w *printer) wordQualifiers(q qualifiers) {
	if q&qualConst != 0 {
		w.str(" const")
	}
	if q&qualVolatile != 0 {
		w.str(" volatile")
	}
	if q&qualRestrict != 0 {
		w.str(" __restrict")
	}
}

func (w *printer) dimensions(id nodeID) {
	if w.style == Name && w.last() != ')' {
		w.byte(' ')
	}
	for ; id != 0; id = w.at(id).next {
		w.byte('[')
		if n := w.at(id); n.num != 0 {
			w.uint(n.num)
		}
		w.byte(']')
	}
}

// managed writes the C++/CLI forms of a pointer.
func (w *printer) managed(n *node) {
	switch managedKind(n.aux) {
	case managedPin:
		w.str("cli::pin_ptr<")
		w.typ(n.a)
		w.byte('>')
		return
	case managedArray:
		w.str("cli::array<")
		w.typ(n.a)
		if n.num != 1 {
			w.comma()
			w.uint(n.num)
		}
		if w.style == Name && w.last() == '>' {
			w.byte(' ')
		}
		w.str(">^")
		return
	}
	w.typ(n.a)
	w.byte(' ')
	if managedKind(n.aux) == managedTracker {
		w.byte('%')
	} else {
		w.byte('^')
	}
}
