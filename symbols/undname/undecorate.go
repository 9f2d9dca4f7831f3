package undname

import "strings"

// Defaults of [Options].
const (
	// DefaultMaxDepth is deeper than any compiler's names: their length, about
	// 4096 bytes, leaves room for some 1000 levels.
	DefaultMaxDepth = 1024

	// DefaultMaxLength is the longest text, in bytes, that a name may become.
	DefaultMaxLength = 1 << 16
)

// Options say how names are spelt and what they may cost. The zero value is
// the [Name] style with the default limits.
type Options struct {
	Style Style

	// Ptr64 keeps the word __ptr64 that 64-bit compilers put on every pointer,
	// as old versions of DbgHelp do. Only the Name style has it.
	Ptr64 bool

	MaxDepth  int // levels of nesting; 0 is DefaultMaxDepth
	MaxLength int // bytes of the result; 0 is DefaultMaxLength
}

// Undecorate decodes a decorated C++ name.
//
// For a name that cannot be decoded it returns the name itself and a
// [*SyntaxError]; so the text returned can be shown in any case.
//
// Text that follows a whole name, such as the .resume of a coroutine's part,
// is no error: Name keeps it if it begins with a dot or a dollar sign, and
// leaves it out otherwise, as Full always does.
func Undecorate(name string, style Style) (string, error) {
	return Options{Style: style}.Undecorate(name)
}

// AppendUndecorated appends what [Undecorate] returns to dst, without
// allocating if dst has room.
func AppendUndecorated(dst []byte, name string, style Style) ([]byte, error) {
	return Options{Style: style}.AppendUndecorated(dst, name)
}

// Undecorate is the function [Undecorate] with options.
func (o Options) Undecorate(name string) (string, error) {
	out, err := o.AppendUndecorated(make([]byte, 0, 256), name)
	if err != nil {
		return name, err
	}
	return string(out), nil
}

// AppendUndecorated is the function [AppendUndecorated] with options.
func (o Options) AppendUndecorated(dst []byte, name string) ([]byte, error) {
	if !IsDecorated(name) {
		return append(dst, name...), &SyntaxError{Name: name, Reason: ErrNotDecorated.Error(), Err: ErrNotDecorated}
	}
	// All of the work's memory is in here, on the stack, but for dst.
	w := printer{
		tree:  parser{name: name, maxDepth: orDefault(o.MaxDepth, DefaultMaxDepth)},
		name:  name,
		out:   dst,
		start: len(dst),
		max:   orDefault(o.MaxLength, DefaultMaxLength),
		style: o.Style,
		ptr64: o.Ptr64,
	}
	p := &w.tree
	w.deep = 8 * p.maxDepth
	root := p.parse()
	if p.missing && strings.HasPrefix(name, "??$") {
		root = p.parseOld()
	}
	if p.failed {
		return append(dst, name...), p.error()
	}
	w.symbol(root)
	if o.Style == Name {
		w.suffix(p.rest())
	}
	if w.over || len(w.out)-w.start > w.max {
		e := &SyntaxError{Name: name, Offset: len(name), Reason: "text too long", Err: ErrLimit}
		return append(w.out[:w.start], name...), e
	}
	return w.out, nil
}

// parseOld reads a name again as one of Visual C++ 6. If that fails too, the
// first failure stands.
func (p *parser) parseOld() nodeID {
	offset, reason := p.errPos, p.reason
	*p = parser{name: p.name, maxDepth: p.maxDepth, old: true}
	root := p.parse()
	if p.failed {
		p.errPos, p.reason = offset, reason
	}
	return root
}

// suffix writes what a compiler has put behind a whole name.
func (w *printer) suffix(s string) {
	if s != "" && (s[0] == '.' || s[0] == '$') {
		w.str(s)
	}
}

func (p *parser) error() error {
	e := &SyntaxError{Name: p.name, Offset: p.errPos, Reason: p.reason}
	if p.limit {
		e.Err = ErrLimit
	}
	return e
}

func orDefault(v, standard int) int {
	if v <= 0 {
		return standard
	}
	return v
}

// IsDecorated reports, from its first letters alone, whether name can be a
// decorated C++ name: that of a symbol (?), of a type in RTTI data (.) or of
// exception data (_TI, _CT).
func IsDecorated(name string) bool {
	if len(name) < 2 {
		return false
	}
	switch c := name[1]; name[0] {
	case '?':
		return true
	case '.':
		return c == '?' || c == '_' || c == '$' || c >= 'A' && c <= 'Z'
	case '_':
		return isExceptionData(name)
	}
	return false
}

// isExceptionData tells _TI3?AVerror@@ from a C function such as _TIFFOpen.
func isExceptionData(name string) bool {
	name = strings.TrimPrefix(name, "_")
	name = strings.TrimPrefix(name, "_") // C names of x86 have one more
	if rest, ok := strings.CutPrefix(name, "TI"); ok {
		rest = strings.TrimLeft(rest, "CVU")
		return rest != "" && isDigit(rest[0])
	}
	rest, ok := strings.CutPrefix(name, "CT")
	if count, array := strings.CutPrefix(rest, "A"); ok && array {
		return count != "" && isDigit(count[0])
	}
	return ok && strings.HasPrefix(rest, "??")
}
