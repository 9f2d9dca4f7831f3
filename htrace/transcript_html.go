package htrace

import (
	"bytes"
	"html"
)

const (
	// maxEscapes is how often a text may have been escaped, one time upon
	// another.
	maxEscapes = 3
	// maxEntity is the longest name of an entity that is looked for.
	maxEntity = 12
	// maxTag is the longest tag that is looked for.
	maxTag = 512
)

// appendUnescaped appends text with its entities decoded. Only what ends in a
// semicolon is one, since names in code hold many an ampersand.
func appendUnescaped(dst, text []byte) []byte {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return append(dst, text...)
		}
		dst = append(dst, text[:i]...)
		text = text[i:]
		n := entityLength(text)
		if n == 0 {
			n = 1
			dst = append(dst, '&')
		} else {
			dst = append(dst, html.UnescapeString(string(text[:n]))...)
		}
		text = text[n:]
	}
}

// entityLength returns the length of what may be an entity at the start of
// text, which is at an ampersand.
func entityLength(text []byte) int {
	for i := 1; i < min(len(text), maxEntity); i++ {
		switch c := text[i]; {
		case c == ';' && i > 1:
			return i + 1
		case !isLetter(c) && !isDigit(c) && c != '#':
			return 0
		}
	}
	return 0
}

// appendUntagged appends text without its tags. Those that part lines become
// line ends.
func appendUntagged(dst, text []byte) []byte {
	for i := 0; i < len(text); {
		if text[i] != '<' {
			dst = append(dst, text[i])
			i++
			continue
		}
		inName := i > 0 && isWord(text[i-1])
		n, parts := tagLength(text[i:], inName)
		switch {
		case n == 0:
			n = 1
			dst = append(dst, '<')
		case parts:
			dst = append(dst, '\n')
		}
		i += n
	}
	return dst
}

// tags are the elements that are taken out. Their value tells whether they
// part lines.
var tags = map[string]bool{
	"br": true, "hr": true, "p": true, "div": true, "pre": true, "li": true, "ul": true, "ol": true, "tr": true,
	"table": true, "tbody": true, "blockquote": true, "html": true, "body": true,
	"a": false, "b": false, "i": false, "u": false, "s": false, "em": false, "strong": false, "span": false, "code": false,
	"tt": false, "font": false, "td": false, "samp": false, "kbd": false, "wbr": false, "mark": false,
	"link": false, "exec": false, "col": false, "altlink": false, // the debugger's own markup language
}

// alwaysTags are elements that no template argument is called.
var alwaysTags = set("br", "hr")

// tagLength returns the length of the tag at the start of text, 0 where it is
// none, and whether it parts lines. Names in code hold template arguments that
// look like tags, so where a name goes before only what cannot be one counts:
// the end of an element, or attributes.
func tagLength(text []byte, inName bool) (n int, parts bool) {
	end := bytes.IndexByte(text[:min(len(text), maxTag)], '>')
	if end < 0 {
		return 0, false
	}
	inner := text[1:end]
	closing := len(inner) > 0 && inner[0] == '/'
	if closing {
		inner = inner[1:]
	}
	name, attributes := splitTag(inner)
	parts, known := tags[name]
	switch {
	case !known:
		return 0, false
	case closing && len(attributes) == 0, alwaysTags[name], bytes.IndexByte(attributes, '=') > 0, len(attributes) == 0 && !inName:
		return end + 1, parts
	}
	return 0, false
}

// maxTagName is the longest name in tags.
const maxTagName = 10

func splitTag(inner []byte) (name string, attributes []byte) {
	n := 0
	for n < len(inner) && n < maxTagName && (isLetter(inner[n]) || isDigit(inner[n])) {
		n++
	}
	attributes = inner[n:]
	if len(attributes) > 0 && !isBlank(attributes[0]) && attributes[0] != '/' {
		return "", nil
	}
	attributes = bytes.TrimSuffix(trimRight(skipBlanks(attributes)), []byte("/"))
	return string(bytes.ToLower(inner[:n])), trimRight(attributes)
}
