package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/handletrace/handletrace/htrace"
)

// pattern is a name with * for any characters and ? for one. Names of C++ are
// full of brackets and dots, so nothing else has a meaning of its own.
type pattern struct {
	re     *regexp.Regexp
	module bool // whether it is of module!function
}

func patterns(flag string, words []string) ([]*pattern, error) {
	var list []*pattern
	for _, w := range words {
		p, err := newPattern(w)
		if err != nil {
			return nil, fmt.Errorf("--%s %q: %w", flag, w, err)
		}
		list = append(list, p)
	}
	return list, nil
}

func newPattern(word string) (*pattern, error) {
	text := regexp.QuoteMeta(word)
	text = strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(text)
	re, err := regexp.Compile(`(?is)^` + text + `$`)
	return &pattern{re, strings.Contains(word, "!")}, err
}

// matchesSite reports whether the pattern stands for the place of a frame.
func (p *pattern) matchesSite(f htrace.Frame) bool {
	if p.module {
		return p.any(f.ModuleName()+"!"+f.Function, f.Module+"!"+f.Function)
	}
	return p.any(f.Function, f.File, baseName(f.File))
}

// matchesModule reports whether the pattern stands for the module of a frame.
func (p *pattern) matchesModule(f htrace.Frame) bool { return p.any(f.Module, f.ModuleName()) }

// any reports whether the pattern stands for one of the names that are known.
func (p *pattern) any(names ...string) bool {
	for _, n := range names {
		if n != "" && n != "!" && p.re.MatchString(n) {
			return true
		}
	}
	return false
}

func baseName(path string) string { return path[strings.LastIndexAny(path, `\/`)+1:] }
