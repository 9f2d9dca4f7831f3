package symstore

import (
	"net/url"
	"path"
	"regexp"
	"strings"
)

var (
	scheme   = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]+):/`)
	variable = regexp.MustCompile(`%[A-Za-z_][A-Za-z0-9_()]*%`)
	drive    = regexp.MustCompile(`^[A-Za-z]:`)
)

// isURL reports whether a location is on a server.
func isURL(location string) bool {
	m := scheme.FindStringSubmatch(location)
	return m != nil && (strings.EqualFold(m[1], "http") || strings.EqualFold(m[1], "https"))
}

// location checks one location. A file URL becomes the folder that it names.
func (p *Path) location(text string) (string, bool) {
	m := scheme.FindStringSubmatch(text)
	switch {
	case m == nil:
		if v := variable.FindString(text); v != "" {
			p.warn("%q: %s is not replaced by its value; the location is left out", text, v)
			return "", false
		}
		return text, true
	case strings.EqualFold(m[1], "file"):
		return p.fileURL(text)
	case !isURL(text):
		p.warn("%q: %s is not supported, only http, https and file are; the location is left out", redact(text), m[1])
		return "", false
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		p.warn("%q is no URL; the location is left out", redact(text))
		return "", false
	case u.User != nil:
		p.warn("%q: a password does not belong into a symbol path, where others can see it, but into a netrc file; the location is left out", redact(text))
		return "", false
	}
	return text, true
}

// fileURL returns the folder of a file URL: file:///srv/symbols,
// file:///C:/symbols or file://server/share.
func (p *Path) fileURL(text string) (string, bool) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Path == "":
		p.warn("%q is no URL of a folder; the location is left out", text)
		return "", false
	case u.Host != "" && u.Host != "localhost":
		return `\\` + u.Host + strings.ReplaceAll(u.Path, "/", `\`), true
	case len(u.Path) > 2 && drive.MatchString(u.Path[1:]):
		return strings.ReplaceAll(u.Path[1:], "/", `\`), true
	}
	return path.Clean(u.Path), true
}

// redact removes from the text what may be a secret: a password before the
// host, and the query, in which storage services take their keys.
func redact(text string) string {
	return secrets.ReplaceAllString(text, "$1$3$4")
}

var secrets = regexp.MustCompile(`(?i)(https?:/+|[a-z][a-z0-9+.-]+:/+)([^/*;\s]*@)?([^?*;\s]*)(\?)?[^*;\s]*`)
