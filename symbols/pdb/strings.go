package pdb

// namesHeader is the length of the header of the stream /names: signature,
// version, size of the strings.
const namesHeader = 12

// stringAt reads a string of the stream /names, which has the names of source
// files. Damage gives the empty string.
func (f *File) stringAt(off uint32) string {
	key := stringKey(stringName, off)
	if s, ok := f.strings.Get(key); ok {
		return s
	}
	names, err := f.names()
	if err != nil || uint64(off)+namesHeader >= uint64(names.size) {
		return ""
	}
	s, err := names.cstring(namesHeader + off)
	if err != nil {
		s = ""
	}
	f.strings.Put(key, s, stringCost(s))
	return s
}

// The sources of cached strings, in the top bits of their keys.
const (
	stringName       = 1 + iota // an offset in /names
	stringPublic                // an offset in the symbol records
	stringTrampoline            // a place in the image
)

func stringKey(source uint64, off uint32) uint64 { return source<<60 | uint64(off) }

func trampolineKey(p place) uint64 { return stringTrampoline<<60 | p.key() }

// stringCost counts the cache's own overhead in.
func stringCost(s string) int { return len(s) + 64 }
