package symbols

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ianlancetaylor/demangle"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/symbols/undname"
)

const (
	// maxMangled is the longest name that is decoded, in bytes. The work grows
	// with its square; compilers' own limits are about as high.
	maxMangled = 8 << 10
	// maxReadable bounds, as a power of two, what a name may become.
	maxReadable = 16
)

var errMangledTooLong = fmt.Errorf("symbols: the decorated name is longer than %d bytes", maxMangled)

// Demangle decodes a decorated name of any kind: of Microsoft's C++, as
// [undname.Undecorate] does, of the Itanium ABI (_ZN3FooC1Ev; GCC, and Clang
// for mingw) and of Rust (_RNvC3foo3bar and _ZN3foo3bar17h0123456789abcdefE).
// The Name style leaves the parameters out.
//
// For a name that cannot be decoded it returns the name itself and an error, so
// that the text returned can be shown in any case.
func Demangle(name string, style undname.Style) (string, error) {
	if !isMangled(name) {
		return undname.Undecorate(name, style)
	}
	options := []demangle.Option{demangle.MaxLength(maxReadable)}
	if style == undname.Name {
		options = append(options, demangle.NoParams)
	}
	s, err := demangled(strings.TrimPrefix(name, extraUnderscore(name)), options)
	if err != nil || s == "" {
		return name, errors.Join(err, undname.ErrNotDecorated)
	}
	return s, nil
}

// demangled decodes a name that begins with _Z or _R. The package that does it
// panics at some names that no compiler writes.
func demangled(name string, options []demangle.Option) (s string, err error) {
	if len(name) > maxMangled {
		return "", errMangledTooLong
	}
	defer func() {
		if r := recover(); r != nil {
			s, err = "", fmt.Errorf("symbols: the decorated name cannot be decoded: %v", r)
		}
	}()
	return demangle.ToString(name, options...)
}

// isMangled reports whether a name begins as those of the Itanium ABI and of
// Rust do, on x86 with an underscore more.
func isMangled(name string) bool {
	rest := strings.TrimPrefix(name, extraUnderscore(name))
	return strings.HasPrefix(rest, "_Z") || strings.HasPrefix(rest, "_R") && len(rest) > 2 && rest[2] >= 'A' && rest[2] <= 'Z'
}

// extraUnderscore returns the underscore that C names of x86 have more.
func extraUnderscore(name string) string {
	if strings.HasPrefix(name, "__Z") || strings.HasPrefix(name, "__R") {
		return "_"
	}
	return ""
}

// readable returns the name of a frame's function for readers, and the name as
// its source has it where that is not the same.
func readable(f Frame, x86 bool) (function, symbol string) {
	function = readableName(f.Function, f.Source, x86)
	if function == f.Function {
		return function, ""
	}
	return function, f.Function
}

func readableName(raw string, source callstack.Source, x86 bool) string {
	if isMangled(raw) {
		if s, err := Demangle(withoutSize(raw), undname.Name); err == nil {
			return s
		}
	}
	switch {
	case source == callstack.Public || source == callstack.Export:
		return undname.PublicName(raw, x86)
	case undname.IsDecorated(raw):
		s, _ := undname.Undecorate(raw, undname.Name)
		return s
	case source == callstack.COFF:
		return undname.CName(raw, x86)
	case source == callstack.Breakpad:
		return withoutParameters(raw)
	}
	return raw
}

// withoutSize takes off the size of the parameters (@8) that names of x86 may
// end with.
func withoutSize(name string) string {
	base := strings.TrimRight(name, "0123456789")
	if rest, ok := strings.CutSuffix(base, "@"); ok && len(base) < len(name) {
		return rest
	}
	return name
}
