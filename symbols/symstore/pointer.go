package symstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// maxPointer bounds a pointer file.
const maxPointer = 4096

var errOutside = errors.New("it points outside the folders of the symbol path, which has to be allowed")

// follow returns the file that a pointer file leads to. A relative path counts
// from the root of the store.
func (l *Locator) follow(ctx context.Context, pointer, root string) (string, bool) {
	text, err := firstBytes(pointer, maxPointer)
	if err != nil {
		note(ctx, pointer, Unreachable, err)
		return "", false
	}
	return l.followText(ctx, pointer, root, text)
}

// followText follows the text of a pointer. It is no pointer's pointer: what it
// leads to is taken for the file.
func (l *Locator) followText(ctx context.Context, pointer, root string, text []byte) (string, bool) {
	target, err := pointerTarget(text)
	if err != nil {
		note(ctx, pointer, Refused, err)
		return "", false
	}
	path, ok := l.pointerPath(target, root)
	switch {
	case !ok:
		note(ctx, pointer, Refused, fmt.Errorf("%s: a path of Windows, which is mapped to no folder", target))
		return "", false
	case !l.allowed(path, filepath.Clean):
		// Even to look would tell a foreign share of us.
		note(ctx, pointer, Refused, fmt.Errorf("%s: %w", target, errOutside))
		return "", false
	}
	path, ok = existing(path)
	switch {
	case !ok:
		note(ctx, pointer, Missing, fmt.Errorf("it points to %s, which is not there", target))
	case !l.allowed(path, resolved):
		note(ctx, pointer, Refused, fmt.Errorf("%s: %w", target, errOutside))
		ok = false
	}
	return path, ok
}

// pointerTarget reads "PATH:" and a path, "MSG:" and a text that says why there
// is no file, or a path by itself.
func pointerTarget(text []byte) (string, error) {
	line, _, _ := bytes.Cut(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), []byte("\n"))
	s := strings.TrimSpace(string(line))
	head, rest, ok := strings.Cut(s, ":")
	switch {
	case ok && strings.EqualFold(head, "MSG"):
		return "", fmt.Errorf("the store says: %.200q", strings.TrimSpace(rest))
	case ok && strings.EqualFold(head, "PATH"):
		s = strings.TrimSpace(rest)
	}
	if s == "" || strings.ContainsRune(s, 0) {
		return "", errors.New("the pointer file holds no path")
	}
	return s, nil
}

// pointerPath returns the path on this machine of a pointer's target.
func (l *Locator) pointerPath(target, root string) (string, bool) {
	if mapped, ok := mapPrefix(target, l.opts.Folders); ok {
		return mapped, true
	}
	if filepath.IsAbs(target) {
		return target, true
	}
	if drive.MatchString(target) || strings.HasPrefix(target, `\`) || strings.HasPrefix(target, "/") || root == "" {
		return "", false
	}
	return filepath.Join(root, filepath.FromSlash(strings.ReplaceAll(target, `\`, "/"))), true
}

// existing returns the file at a path, plain or compressed, with no symbolic
// links in the path.
func existing(path string) (string, bool) {
	dir, name := filepath.Split(path)
	if name == "" {
		return "", false
	}
	for _, n := range []string{name, packedName(name)} {
		found, ok := newFolder(dir).find(n)
		if !ok {
			continue
		}
		if real, err := filepath.EvalSymlinks(found); err == nil {
			return real, true
		}
	}
	return "", false
}

// allowed reports whether a pointer may lead to a file: to any, or to those in
// the folders of the path, whose roots are taken in the form that is given.
func (l *Locator) allowed(path string, form func(string) string) bool {
	if l.opts.FollowPointers {
		return true
	}
	for _, c := range l.chains {
		for _, p := range c.places {
			if p.store != nil && isBelow(absolute(path), absolute(form(p.store.root))) {
				return true
			}
		}
	}
	return false
}

// resolved returns a path without symbolic links, as far as it exists.
func resolved(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// absolute returns a path from the root; as it is where that is not known.
func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}
