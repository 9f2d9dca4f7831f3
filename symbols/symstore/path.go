package symstore

import (
	"fmt"
	"strings"
	"unicode"
)

// MicrosoftServer is the public symbol server of Windows itself.
const MicrosoftServer = "https://msdl.microsoft.com/download/symbols"

// Kind is what an element of a symbol path is.
type Kind int

const (
	// Directory is a folder with symbol files, or a symbol store if it is
	// marked as one.
	Directory Kind = iota
	// Server is a chain of stores: srv* or symsrv*symsrv.dll*.
	Server
	// Cache is a store into which everything is copied that elements after it
	// have: cache*.
	Cache
)

// Element is one of the parts that semicolons separate.
type Element struct {
	Kind Kind
	// Locations are folders and URLs as they were written: the folder of a
	// Directory or Cache, the stores of a Server from the nearest to the
	// farthest. An empty one is the default store. A Server without any is
	// "srv*" by itself: the default store before Microsoft's server.
	Locations []string
}

// String returns the element in the syntax of symbol paths.
func (e Element) String() string {
	locations := strings.Join(e.Locations, "*")
	switch e.Kind {
	case Server:
		if len(e.Locations) > 0 && locations == "" {
			return "srv**" // srv* by itself would be another thing
		}
		return "srv*" + locations
	case Cache:
		return "cache*" + locations
	}
	return locations
}

// Path is a symbol path.
type Path struct {
	Elements []Element
	// Warnings say what of the text was left out or means something else than
	// it may seem to.
	Warnings []string
}

// String returns the path in its syntax.
func (p Path) String() string {
	parts := make([]string, len(p.Elements))
	for i, e := range p.Elements {
		parts[i] = e.String()
	}
	return strings.Join(parts, ";")
}

// Parse reads a symbol path. What it does not understand is left out, with a
// warning.
func Parse(text string) Path {
	var p Path
	for part := range strings.SplitSeq(text, ";") {
		part = unquote(part)
		if part == "" {
			continue
		}
		if e, ok := p.element(part); ok {
			p.Elements = append(p.Elements, e)
		}
	}
	return p
}

// unquote removes blanks and the quotation marks that people put around
// folders with blanks in their names.
func unquote(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return r == '"' || unicode.IsSpace(r) })
}

func (p *Path) warn(format string, args ...any) {
	p.Warnings = append(p.Warnings, fmt.Sprintf(format, args...))
}

func (p *Path) element(text string) (Element, bool) {
	prefix, rest, starred := strings.Cut(text, "*")
	if !starred {
		return p.single(Directory, text)
	}
	switch strings.ToLower(strings.TrimSpace(prefix)) {
	case "srv":
		return p.chain(text, rest)
	case "symsrv":
		return p.symsrv(text, rest)
	case "cache":
		return p.cache(rest)
	}
	p.warn("%q: a * stands only after srv, symsrv and cache, and between stores; the element is left out", redact(text))
	return Element{}, false
}

// symsrv reads what follows "symsrv*": the library that looks files up, and its
// stores. Only Microsoft's own can be done without.
func (p *Path) symsrv(text, rest string) (Element, bool) {
	dll, chain, _ := strings.Cut(rest, "*")
	name := strings.ToLower(unquote(dll))
	name = name[strings.LastIndexAny(name, `\/`)+1:]
	if name != "symsrv.dll" && name != "symsrv" {
		p.warn("%q: only symsrv.dll is known, not %q; the element is left out", redact(text), dll)
		return Element{}, false
	}
	return p.chain(text, chain)
}

func (p *Path) cache(rest string) (Element, bool) {
	dir, more, _ := strings.Cut(rest, "*")
	if more != "" {
		p.warn("cache*%s: cache* takes one folder; %q is left out", dir, redact(more))
	}
	dir = unquote(dir)
	if isURL(dir) {
		p.warn("cache*%s: a cache is a folder, not a server; the element is left out", redact(dir))
		return Element{}, false
	}
	return p.single(Cache, dir)
}

// maxStores is how many stores may follow srv*.
const maxStores = 10

// chain reads the stores after srv*.
func (p *Path) chain(text, rest string) (Element, bool) {
	e := Element{Kind: Server}
	if strings.TrimSpace(rest) == "" {
		return e, true
	}
	stores := strings.Split(rest, "*")
	if len(stores) > maxStores {
		p.warn("%q: a chain has %d stores at most; the last %d are left out", redact(text), maxStores, len(stores)-maxStores)
		stores = stores[:maxStores]
	}
	defaults := false
	for i, s := range stores {
		s = unquote(s)
		if s == "" && defaults {
			continue // one default store is enough
		}
		location, ok := p.location(s)
		if !ok {
			continue
		}
		defaults = defaults || location == ""
		if isURL(location) && i < len(stores)-1 {
			p.warn("%q: nothing can be copied to %s, so a server should be the last of its chain", redact(text), redact(location))
		}
		e.Locations = append(e.Locations, location)
	}
	return e, len(e.Locations) > 0
}

// single returns an element of one location. A URL by itself is a chain of the
// default store and that server.
func (p *Path) single(kind Kind, text string) (Element, bool) {
	location, ok := p.location(text)
	if kind == Directory && isURL(location) {
		kind = Server
	}
	return Element{kind, []string{location}}, ok
}
