package symbols

import "errors"

// Options say where a resolver looks for symbols and what it may keep. The
// zero value uses what the process's memory has.
type Options struct {
	// Directories are folders in which the files of modules are looked for,
	// as [Directories] says. A file of another build is never used.
	Directories []string
	// Locator finds files that are not in Directories.
	Locator Locator
	// Openers are the kinds of symbols that are looked for, the preferred ones
	// first; nil stands for [DefaultOpeners]. An address is named by the
	// first that knows it, and those behind it are not opened for it.
	Openers []Opener
	// CacheBytes bounds the memory in which answers are kept, roughly: 0
	// stands for 64 MiB. The readers of files have bounds of their own: see
	// [pdb.File.SetCacheSize].
	CacheBytes int
}

const defaultCacheBytes = 64 << 20

// errCacheBytes is the one thing that New refuses.
var errCacheBytes = errors.New("symbols: Options.CacheBytes is negative")

func (o Options) locator() locators {
	var l locators
	if len(o.Directories) > 0 {
		l = append(l, Directories(o.Directories))
	}
	if o.Locator != nil {
		l = append(l, o.Locator)
	}
	return l
}

func (o Options) openers() []Opener {
	if o.Openers != nil {
		return o.Openers
	}
	return DefaultOpeners()
}
