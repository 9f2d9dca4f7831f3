package undname

// pointerPre writes what a pointer points to and the pointer itself. Around
// pointers to arrays and functions there are parentheses, with the calling
// convention in them.
func (w *printer) pointerPre(n *node) {
	pointee := w.deref(n.a)
	if pointee.kind == kindFunction {
		w.functionPre(pointee)
	} else {
		w.typePre(n.a)
	}
	w.pointerSpace(pointee)
	if n.quals&qualUnaligned != 0 && w.style == Full {
		w.str("__unaligned ")
	}
	switch pointee.kind {
	case kindArray:
		w.byte('(')
	case kindFunction:
		w.byte('(')
		w.convention(pointee)
		if w.style == Full || n.b != 0 {
			w.byte(' ')
		}
	}
	if n.b != 0 {
		w.qualified(n.b)
		w.str("::")
	}
	w.str(affinityText[n.aux])
	if w.style == Full {
		w.llvmPointerQualifiers(n)
	} else {
		w.pointerQualifiers(n, pointee.kind == kindFunction)
	}
	if n.c != 0 {
		w.str("__ptrauth(")
		w.integers(n.c)
		w.byte(')')
	}
}

// pointerSpace writes the blank before a pointer's sign. Microsoft has one
// between two signs also, but not straight behind that of a function pointer:
// char * *, void (__cdecl*&)(void).
func (w *printer) pointerSpace(pointee *node) {
	if w.style == Full {
		w.space()
		return
	}
	switch w.last() {
	case 0, ' ', '(':
		return
	case '*':
		if pointee.kind == kindPointer && w.deref(pointee.a).kind == kindFunction {
			return
		}
	}
	w.byte(' ')
}

// llvmPointerQualifiers writes them without a blank before the first.
func (w *printer) llvmPointerQualifiers(n *node) {
	const all = qualConst | qualVolatile | qualRestrict
	if n.quals&all == 0 {
		return
	}
	at := len(w.out)
	w.wordQualifiers(n.quals)
	w.out = append(w.out[:at], w.out[at+1:]...)
}

func (w *printer) pointerQualifiers(n *node, function bool) {
	if n.quals&qualPtr64 != 0 && w.ptr64 {
		w.str(" __ptr64")
	}
	if function && n.quals&(qualConst|qualVolatile) != 0 {
		w.llvmPointerQualifiers(n)
		return
	}
	w.wordQualifiers(n.quals)
}
