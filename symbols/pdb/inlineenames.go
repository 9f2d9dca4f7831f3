package pdb

import "sync/atomic"

// Names of inlined functions are read some at a time: their records stand near
// each other, and so then do the names in memory.
const (
	namesTogether = 32
	usualName     = 24 // bytes of a name, roughly
)

// nameList is the names of inlinees that follow each other, end to end.
type nameList struct {
	text string
	ends [namesTogether]uint32
}

// lazyNames is a list of names that is read when one is first asked for.
// Goroutines may ask at once; all get the same names.
type lazyNames struct{ p atomic.Pointer[nameList] }

// inlineeNameAt returns the name of the nth inlinee of a module.
func (f *File) inlineeNameAt(sc *scratch, x *moduleIndex, n int) string {
	lazy := &x.inlineeNames[n/namesTogether]
	list := lazy.p.Load()
	if list == nil {
		list = f.readNames(sc, x, n-n%namesTogether)
		lazy.p.Store(list)
	}
	n %= namesTogether
	start := uint32(0)
	if n > 0 {
		start = list.ends[n-1]
	}
	return list.text[start:list.ends[n]]
}

func (f *File) readNames(sc *scratch, x *moduleIndex, from int) *nameList {
	list := &nameList{}
	text := sc.names[:0]
	for i := range list.ends {
		if from+i < len(x.inlinees) {
			text = append(text, f.inlineeName(sc, x, x.inlinees[from+i].id)...)
		}
		list.ends[i] = uint32(len(text))
	}
	list.text, sc.names = string(text), text
	return list
}
